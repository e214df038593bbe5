package import Foundation

/// One mail in plain text, as it stands on the wire: RFC 5322, with words of any language in its headers (RFC 2047) and
/// its body.
package struct MailMessage: Sendable, Equatable {
    /// Without angle brackets, `0195cf1e-…@support.example.org`. The same message sent again has the same.
    package var id: String
    package var date: Date
    package var senderName: String
    package var senderAddress: String
    package var recipient: String
    package var subject: String
    package var text: String
    /// Where somebody who wants no more of these goes, or their mail program for them (RFC 8058).
    package var stopAddress: String?
    /// What a mail program may put into a calendar.
    package var calendars: [CalendarPart] = []

    /// iCalendar, with what it asks for (RFC 6047).
    package struct CalendarPart: Sendable, Equatable {
        package var method: String
        package var text: String

        package init(method: String, text: String) {
            self.method = method
            self.text = text
        }
    }

    package init(
        id: String, date: Date, senderName: String, senderAddress: String, recipient: String, subject: String,
        text: String, stopAddress: String? = nil
    ) {
        self.id = id
        self.date = date
        self.senderName = senderName
        self.senderAddress = senderAddress
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.stopAddress = stopAddress
    }

    /// The whole message, lines ended by CR LF.
    /// - Throws: ``CarrierFailure/unsafeText(field:)`` for anything that would begin a header of its own. It is refused
    ///   rather than repaired.
    package func bytes() throws(CarrierFailure) -> [UInt8] {
        for (field, value) in [
            ("Message-ID", id), ("From", senderName), ("Subject", subject), ("List-Unsubscribe", stopAddress ?? "")
        ] where !value.isOneLine { throw .unsafeText(field: field) }
        for (field, value) in [("From", senderAddress), ("To", recipient)] where !value.isPlainAddress {
            throw .unsafeText(field: field)
        }
        guard calendars.allSatisfy({ $0.method.utf8.allSatisfy { (0x41...0x5a).contains($0) } }) else {
            throw .unsafeText(field: "method")
        }
        var lines = [
            "Date: \(Self.date(date))", "From: \(Self.words(senderName)) <\(senderAddress)>", "To: <\(recipient)>",
            "Subject: \(Self.words(subject))", "Message-ID: <\(id)>", "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated"
        ]
        if let stopAddress {
            lines += ["List-Unsubscribe: <\(stopAddress)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        }
        return Array((lines + body).joined(separator: "\r\n").utf8)
    }

    private var body: [String] {
        let plain = Self.part("text/plain; charset=utf-8", text)
        guard !calendars.isEmpty else { return plain }
        // Never part of what stands between: there a sign of equality is followed by digits or ends its line.
        let boundary = "=_part"
        let parts = calendars.map { Self.part("text/calendar; charset=utf-8; method=\($0.method)", $0.text) }
        return ["Content-Type: multipart/mixed; boundary=\"\(boundary)\"", ""]
            + ([plain] + parts).flatMap { ["--\(boundary)"] + $0 } + ["--\(boundary)--", ""]
    }

    private static func part(_ type: String, _ text: String) -> [String] {
        ["Content-Type: \(type)", "Content-Transfer-Encoding: quoted-printable", "", quotedPrintable(text)]
    }

    /// `Fri, 27 Nov 2026 13:24:01 +0000`
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { String((number ?? 0) + 100).suffix(2).description }
        let day = "\(days[(parts.weekday ?? 1) - 1]), \(two(parts.day)) \(months[(parts.month ?? 1) - 1])"
        return "\(day) \(parts.year ?? 1970) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }

    /// Plain letters in quotes, anything else as encoded words of at most 75 characters, never split within a character.
    static func words(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7f && $0 != "\"" && $0 != "\\" }
        if isPlain, !text.contains("=?"), text.utf8.count <= 60 { return text.isQuiet ? text : "\"\(text)\"" }
        var (parts, part): ([String], String) = ([], "")
        for character in text.unicodeScalars {
            // 45 bytes make 60 letters of base64; with what stands around them, an encoded word has at most 75.
            if part.utf8.count + String(character).utf8.count > 45 {
                parts.append(part)
                part = ""
            }
            part.unicodeScalars.append(character)
        }
        parts.append(part)
        return parts.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// RFC 2045, 6.7: lines of at most 76 characters.
    static func quotedPrintable(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var lines: [String] = []
        var rows = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        if rows.last?.isEmpty == true { rows.removeLast() }
        for line in rows {
            var (out, room) = ("", 75)
            let bytes = Array(line.utf8)
            for (index, byte) in bytes.enumerated() {
                let isBlankAtEnd = (byte == 0x20 || byte == 0x09) && index == bytes.count - 1
                let isPlain = byte >= 0x21 && byte <= 0x7e && byte != 0x3d || byte == 0x20 && !isBlankAtEnd
                let piece =
                    isPlain ? String(UnicodeScalar(byte)) : "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
                if piece.count > room {
                    out += "=\r\n"
                    room = 75
                }
                out += piece
                room -= piece.count
            }
            lines.append(out)
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}

extension String {
    /// Without control characters: it cannot end the line it stands in.
    var isOneLine: Bool { unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } }

    /// An address that ends nothing and begins nothing; quoted ones and comments are not for us.
    var isPlainAddress: Bool {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
            && unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7f && !"<>(),;:\\\"[]".unicodeScalars.contains($0)
            }
    }

    /// Letters, digits and blanks alone, which need no quotes in a header.
    fileprivate var isQuiet: Bool {
        unicodeScalars.allSatisfy {
            $0 == " " || $0.properties.isAlphabetic || "0123456789".unicodeScalars.contains($0)
        }
    }
}
