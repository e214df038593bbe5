internal import CCurl
internal import Foundation

/// Somebody who takes text messages by one HTTP request each.
package struct TextGateway: Sendable, Equatable {
    package enum Form: String, Sendable, CaseIterable {
        /// `{{to}}` and `{{text}}` stand inside JSON strings.
        case json
        /// `{{to}}` and `{{text}}` are values of a form.
        case form
    }

    package var url: String
    package var method: String
    /// Such as `Authorization: Bearer …`.
    package var headers: [String]
    package var form: Form
    /// The body, with `{{to}}` and `{{text}}` where they belong.
    package var template: String
    package var timeout: Duration

    package init(
        url: String, method: String = "POST", headers: [String] = [], form: Form, template: String,
        timeout: Duration = .seconds(30)
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.form = form
        self.template = template
        self.timeout = timeout
    }

    /// Hands over one text message. Returns when the gateway has said that it took it.
    /// - Parameter id: the same for the same message, so that a gateway that knows `Idempotency-Key` takes it once.
    package func send(_ text: String, to number: String, id: String) async throws(CarrierFailure) {
        for (field, value) in [("to", number), ("id", id)] + headers.map({ ("header", $0) }) where !value.isOneLine {
            throw .unsafeText(field: field)
        }
        var transfer = Transfer(url: url, timeout: timeout)
        let filled = body(text, to: number)
        transfer.body = Array(filled.utf8)
        let type = form == .json ? "application/json" : "application/x-www-form-urlencoded"
        transfer.numbers = [(CURLOPT_POST, 1), (CURLOPT_POSTFIELDSIZE, transfer.body.count)]
        transfer.texts = [
            (CURLOPT_CUSTOMREQUEST, method), (CURLOPT_PROTOCOLS_STR, url.hasPrefix("https:") ? "https" : "http")
        ]
        transfer.lists = [
            (CURLOPT_HTTPHEADER, ["Content-Type: \(type)", "Idempotency-Key: \(id)", "Expect:"] + headers)
        ]
        let answer = try await transfer.run()
        switch answer {
        case 200..<300: return
        // These say that another try may do; a way elsewhere is not followed.
        case 408, 425, 429, 300..<400: throw .notNow(.answer, code: answer)
        case 400..<500: throw .refused(code: answer)
        default: throw .notNow(.answer, code: answer)
        }
    }

    func body(_ text: String, to number: String) -> String {
        func escaped(_ value: String) -> String {
            switch form {
            case .json:
                let quoted = (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
                return String(quoted.dropFirst().dropLast())
            case .form:
                return value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            }
        }
        // Both at once, so that words that look like a place are words.
        return template.split(separator: "{{", omittingEmptySubsequences: false).enumerated().map { index, part in
            if index > 0, part.hasPrefix("to}}") { return escaped(number) + part.dropFirst(4) }
            if index > 0, part.hasPrefix("text}}") { return escaped(text) + part.dropFirst(6) }
            return (index > 0 ? "{{" : "") + part
        }.joined()
    }
}
