import Foundation
import Kith
import Storage
import Web

extension TextDesk {
    /// What an operator set so that text messages that people send come in; nil where nothing is.
    /// - Parameter text: what was set, by name.
    /// - Throws: ``OpenError`` in one plain sentence.
    static func read(_ text: (SettingName) -> String?) throws -> TextDesk? {
        guard let secret = text(.textsSecret) else {
            let others: [SettingName] = [.textsFormat, .textsFields, .textsProof, .textsOrganization, .textsPhone]
            guard others.allSatisfy({ text($0) == nil }) else {
                throw OpenError("Text messages come in once texts-secret is set, too.")
            }
            return nil
        }
        guard text(.textGateway) != nil else {
            throw OpenError(
                "Text messages can be answered once text-gateway is set; set it together with texts-secret.")
        }
        guard secret.utf8.count >= 16, !secret.contains(where: \.isNewline) else {
            throw OpenError("The secret in texts-secret must have 16 signs or more.")
        }
        guard let form = Form(rawValue: text(.textsFormat) ?? "json") else {
            throw OpenError("The texts format is json or form.")
        }
        return TextDesk(
            form: form, fields: try fields(text(.textsFields), form), proof: try proof(text(.textsProof), secret, form),
            organization: text(.textsOrganization), phone: text(.textsPhone))
    }

    /// What the operator has to know before somebody writes whom nobody knows; nil where all is well.
    /// - Parameter organizations: those there are, as they stand in addresses.
    func warning(among organizations: [String]) -> String? {
        switch organization {
        case let named? where !organizations.contains(named):
            return "There is no organization “\(named)” for text messages of people whose number nobody has."
        case nil where organizations.count > 1:
            return "People whose number nobody has cannot ask to be called: name an organization for them with "
                + "\(SettingName.textsOrganization.rawValue)."
        default: return nil
        }
    }

    /// The calling code of numbers that name no country.
    static func country(_ text: (SettingName) -> String?) throws -> String {
        let code = text(.countryCode) ?? "1"
        guard (1...3).contains(code.utf8.count), code.allSatisfy(\.isDigit), code.first != "0" else {
            throw OpenError("The country code is a calling code such as 1 or 44.")
        }
        return code
    }

    /// `number=From text=Body id=MessageSid`, and perhaps `only=data.event_type:message.received`.
    private static func fields(_ text: String?, _ form: Form) throws -> Fields {
        let usual = form == .form ? "number=From text=Body id=MessageSid" : "number=from text=text id=id"
        var named: [String: String] = [:]
        for part in (text ?? usual).split(whereSeparator: \.isWhitespace) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, ["number", "text", "id", "only"].contains(pair[0]) else { throw fieldsError }
            named[pair[0]] = pair[1]
        }
        guard let number = named["number"], let words = named["text"], let id = named["id"] else { throw fieldsError }
        var fields = Fields(number: number, text: words, id: id)
        if let only = named["only"] {
            let pair = only.split(separator: ":", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw fieldsError }
            fields.only = (pair[0], pair[1])
        }
        return fields
    }

    private static let fieldsError = OpenError(
        "The setting “texts-fields” must be like number=from text=text id=id, with the names that the gateway uses.")

    private static func proof(_ text: String?, _ secret: String, _ form: Form) throws -> Proof {
        let parts = (text ?? "bearer").split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("bearer", nil): return .bearer(secret)
        case ("basic", nil) where secret.contains(":"): return .basic(secret)
        case ("basic", nil):
            throw OpenError("With basic the setting “texts-secret” is a user and a password: user:password.")
        case ("hmac-sha256", let header?) where !header.isEmpty: return .hmac(secret: secret, header: header)
        case ("twilio", nil) where form == .form: return .twilio(secret)
        case ("twilio", nil): throw OpenError("With twilio the setting “texts-format” is form.")
        case ("telnyx", nil) where Data(base64Encoded: secret)?.count == 32: return .telnyx(secret)
        case ("telnyx", nil):
            throw OpenError("With telnyx the setting “texts-secret” is the public key from its portal.")
        default: throw OpenError("The texts proof is bearer, basic, hmac-sha256:Header-Name, twilio or telnyx.")
        }
    }
}
