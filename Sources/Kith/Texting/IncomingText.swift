import Foundation
import HTTPTypes
import Web

/// A text message that somebody sent, as the gateway delivered it. Its words are looked at once and kept nowhere.
package struct IncomingText: Sendable, Equatable {
    package let sender: String
    package let text: String
    /// The gateway's own name for it: what comes again with it is the same message.
    package let id: String

    package init(from sender: String, _ text: String, id: String) {
        (self.sender, self.text, self.id) = (sender, text, id)
    }

    /// The most bytes that the gateway may send for one message.
    package static let largestBody = 16_384

    /// - Returns: nil for other news that the gateway sends to the same address.
    /// - Throws: `Refusal` for what is no message.
    package static func read(_ body: [UInt8], by desk: TextDesk) throws(Refusal) -> IncomingText? {
        let value = try values(body, desk.form)
        if let only = desk.fields.only, value(only.name) != only.value { return nil }
        guard let sender = value(desk.fields.number), let id = value(desk.fields.id), !id.isEmpty, id.utf8.count <= 300
        else { throw Refusal(.unprocessableContent, "This message lacks its number or its identifier.") }
        // A picture comes without words.
        return IncomingText(from: sender, value(desk.fields.text) ?? "", id: id)
    }

    private static func values(
        _ body: [UInt8], _ form: TextDesk.Form
    ) throws(Refusal) -> (String) -> String? {
        switch form {
        case .form:
            let form = try Form(urlEncoded: body)
            return { form[$0] }
        case .json:
            guard let object = try? JSONSerialization.jsonObject(with: Data(body)) else {
                throw Refusal(.badRequest, "This is no JSON.")
            }
            return { value(at: $0, in: object) }
        }
    }

    /// `data.to.0.number` → the text or number that stands there.
    private static func value(at path: String, in object: Any) -> String? {
        var place: Any? = object
        for step in path.split(separator: ".") {
            if let list = place as? [Any] {
                place = Int(step).flatMap { list.indices.contains($0) ? list[$0] : nil }
            } else {
                place = (place as? [String: Any])?[String(step)]
            }
        }
        if let text = place as? String { return text }
        // A number that came without quotes.
        guard let number = place as? NSNumber, !(place is Bool) else { return nil }
        return number.stringValue
    }
}
