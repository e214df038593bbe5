import Kith
import Web

extension FuzzTarget {
    /// What a gateway sends for a text message: its fields, the number it is from, the word that it may be, and a
    /// signature.
    static let incomingText = FuzzTarget("incoming-text") { bytes in
        for desk in desks {
            _ = desk.isGenuine({ _ in text(bytes.prefix(200)) }, body: bytes, address: "https://a.example", at: now)
            guard let found = try? IncomingText.read(bytes, by: desk) else { continue }
            try promise("a message has a name", !found.id.isEmpty && found.id.utf8.count <= 300)
            try check(number: found.sender)
            try check(words: found.text)
        }
        try check(number: text(bytes.prefix(100)))
        try check(words: text(bytes))
    }

    private static let now = Instant(milliseconds: 1_772_460_000_000)

    private static let desks = [
        TextDesk(
            form: .form, fields: .init(number: "From", text: "Body", id: "MessageSid"), proof: .twilio("a secret")),
        TextDesk(
            form: .json, fields: .init(number: "from", text: "text", id: "id"),
            proof: .hmac(secret: "a secret", header: "X")),
        TextDesk(
            form: .json,
            fields: .init(
                number: "data.payload.from.phone_number", text: "data.payload.text", id: "data.payload.id",
                only: ("data.event_type", "message.received")),
            proof: .telnyx("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="))
    ]

    private static func check(number written: String) throws {
        for country in ["1", "44"] {
            guard let number = TextNumber(written, country: country) else { continue }
            let digits = number.text.dropFirst()
            try promise("a number is a plus and digits", digits.allSatisfy(\.isDigit) && 7...15 ~= digits.count)
            try promise("a number is itself again", TextNumber(number.text, country: country) == number)
            for spelling in number.spellings(in: country) {
                try promise("and found by its spellings", TextNumber(spelling, country: country) == number)
            }
        }
    }

    private static func check(words: String) throws {
        guard let reading = TextCommand.read(words) else { return }
        try promise(
            "marks around a word change nothing", TextCommand.read(" “\(words)”!") == reading || words.count > 150)
    }
}
