import HTTPTypes
import Hummingbird
import Kith
import NIOCore
import Web

extension FuzzTarget {
    /// A form or a query, and its fields read as every type.
    static let form = FuzzTarget("form") { bytes in
        guard let form = try? Form(urlEncoded: bytes) else { return }
        var encoded: [String] = []
        for name in form.names {
            for value in form.all(name) {
                for part in [name, value] {
                    try promise("neither NUL nor CR", !part.utf8.contains { $0 == 0x00 || $0 == 0x0D })
                }
                encoded.append("\(escaped(name))=\(escaped(value))")
            }
        }
        let again = try? Form(urlEncoded: encoded.joined(separator: "&").utf8)
        try promise("a form sent again is the same", again == form)
        try promise("nothing is kept that was not asked for", form.keeping(["a*", "b"]).names.allSatisfy(isKept))
        for name in form.names.prefix(8) { try readField(name, of: form) }
    }

    private static func isKept(_ name: String) -> Bool { name.hasPrefix("a") || name == "b" }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func readField(_ name: String, of form: Form) throws {
        let line = try? form.read { $0.text(name, required: true, max: 500) }
        if let line {
            try promise("a line has something in it", !line.isEmpty && line.unicodeScalars.count <= 500)
            try promise("a line is one", !line.unicodeScalars.contains("\n"))
            try promise("nothing hidden is in it", line.withoutHiddenMarks.utf8.elementsEqual(line.utf8))
        }
        let lines = try? form.read { $0.text(name, multiline: true) }
        for text in [line, lines].compactMap({ $0 }) {
            let blank = [text.first, text.last].contains { $0?.isWhitespace == true }
            try promise("no blanks at the ends", !blank)
        }
        let secret = try? form.read { $0.secret(name) }
        try promise("a password stays as typed", secret.map { form[name]?.utf8.elementsEqual($0.utf8) == true } ?? true)
        let number = try? form.read { $0.integer(name, in: 1...31) }
        try promise("a number is within bounds", number.map { 1...31 ~= $0 } ?? true)
        if let date = try? form.read({ $0.date(name) }) {
            try promise("a date is a date", CalendarDate("\(date)") == date)
        }
        _ = try? form.read { ($0.flag(name), $0.choices(name, of: Item.self), $0.optionalChoice(name, of: Item.self)) }
        if let value = form[name], value.isMailAddress {
            try promise("an address is one word", !value.unicodeScalars.contains { $0.value <= 0x20 || $0 == "," })
        }
    }

    private enum Item: String { case first, second }

    private static let translations = Result { try Translations(["en": [:], "es": [:], "pt-BR": [:]]) }
    private static let cookies = [SiteCookie("session", https: true), SiteCookie("locale", https: false)]

    /// The head of a request: its target in the first line, a field in each line after it.
    static let requestHead = FuzzTarget("request-head") { bytes in
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(100)
        let path = text(lines.first ?? [])
        var head = HTTPRequest(method: .get, scheme: "https", authority: "support.riverside.example", path: path)
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 0x3A), let name = HTTPField.Name(text(line[..<colon])) else {
                continue
            }
            head.headerFields.append(HTTPField(name: name, value: text(line[(colon + 1)...])))
        }
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        try readFields(of: request)
        try readTarget(path, of: request)
    }

    private static func readFields(of request: Request) throws {
        let translations = try translations.get()
        for cookie in cookies {
            let locale = translations.locale(for: request, cookie: cookie)
            try promise("a language that there are texts in", translations.locales.contains(locale))
            guard let value = cookie.value(in: request) else { continue }
            let field = cookie.field(value).value
            var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
            head.headerFields[.cookie] = String(field.prefix { $0 != ";" })
            let back = cookie.value(in: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
            try promise("a cookie comes back the same", back?.utf8.elementsEqual(value.utf8) == true)
            try promise(
                "and is one cookie", field.utf8.count(where: { $0 == 0x3B }) == (cookie.name.hasPrefix("__") ? 4 : 3))
        }
        if let id = request.lastEventID { try promise("an event has a short name", 1...128 ~= id.utf8.count) }
        for field in request.headers {
            guard let address = PeerAddress(field.value) else { continue }
            try promise("an address is in a network", [8, 16].contains(address.network.utf8.count))
        }
    }

    private static func readTarget(_ path: String, of request: Request) throws {
        _ = try? request.query
        _ = request.uri.path
        guard let site = SitePath(untrusted: path) else { return }
        let isHere = site.string.hasPrefix("/") && !site.string.hasPrefix("//") && !site.string.hasPrefix("/\\")
        try promise("a path stays on this site", isHere && !site.string.unicodeScalars.contains { $0.value <= 0x20 })
        let joined: SitePath = "/sign-in?next=\(site.string)"
        try promise(
            "filled in it is one value", !joined.string.dropFirst(14).utf8.contains { "/?&#=".utf8.contains($0) })
    }

    /// Dates, times of day and hours of a week, as people, browsers and other systems write them.
    static let dates = FuzzTarget("dates") { bytes in
        let text = text(bytes.prefix(512))
        if let date = CalendarDate(text) { try promise("a date is written as read", date.description == text) }
        if let day = Day(text) {
            try promise("a day is written as read", day.description == text)
            try promise("a day is itself again", Day(daysSince1970: day.daysSince1970) == day && 0..<7 ~= day.weekday)
        }
        if let moment = Instant(text) {
            try promise("a moment is written as read", Instant(moment.description) == moment)
        }
        if let time = TimeOfDay(text) {
            try promise("a time is in a day", 0..<24 ~= time.hour && 0..<60 ~= time.minute)
            try promise("a time is written as read", TimeOfDay(time.description) == time)
        }
        if let hours = WeekHours.reading(text, on: 3) {
            try promise("hours are in a day", hours.allSatisfy { 0 <= $0.from && $0.from < $0.to && $0.to <= 24 })
            let written = hours.map(\.written).joined(separator: ", ")
            try promise("hours are read as written", WeekHours.reading(written, on: 3) == hours)
        }
        try readFHIRDate(text)
    }
}
