/// Finds places in templates where escaping for HTML is not enough to keep what people wrote from becoming code.
///
/// It refuses: values in unquoted attributes, among attributes and in element names; anything filled in inside
/// `<script>` and `<style>`; `on…=`, `style=` and `srcdoc=` altogether; and URLs that begin with a value, unless its
/// name ends in "path", which promises a path of this site. Meant for tests and for loading while developing.
package struct TemplateLint {
    package struct Finding: Equatable, CustomStringConvertible, Sendable {
        package let template: String
        package let line: Int
        package let problem: String
        package var description: String { "\(template).mustache:\(line): \(problem)" }
    }

    /// Every finding in these sources, by template and line.
    package static func check(_ sources: [String: String]) -> [Finding] {
        sources.sorted { $0.key < $1.key }.flatMap { name, source in
            var lint = TemplateLint(source: source, template: name)
            lint.run()
            return lint.findings
        }
    }

    private enum Place: Equatable {
        case content
        case comment
        /// Inside `<script>` or `<style>`, until its end tag.
        case raw(String)
        case elementName
        case attributes
        case attributeName
        case beforeValue
        case quoted(UInt8)
        case unquoted
    }

    private let source: [UInt8]
    private let template: String
    private var position = 0
    private var line = 1
    private var place = Place.content
    private var element = ""
    private var attribute = ""
    /// What is written so far of the current URL before its first value; nil once a value or anything else decided it.
    private var urlStart: String?
    private var urlStarts: [String?] = []
    private var findings: [Finding] = []

    private static let urlAttributes: Set<String> = [
        "href", "src", "action", "formaction", "poster", "data", "cite", "background", "ping", "xlink:href", "srcset",
        "imagesrcset", "manifest", "longdesc", "codebase"
    ]

    private init(source: String, template: String) {
        (self.source, self.template) = (Array(source.utf8), template)
    }

    private mutating func run() {
        while position < source.count {
            if starts("{{") || starts("[[") {
                readMark()
            } else {
                let byte = source[position]
                position += 1
                read(byte)
                if byte == 0x0A { line += 1 }
            }
        }
    }

    // MARK: HTML

    private mutating func read(_ byte: UInt8) {
        let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
        switch place {
        case .content:
            guard byte == UInt8(ascii: "<") else { return }
            if starts("!--") {
                place = .comment
            } else if let next = source[position...].first, next == UInt8(ascii: "/") || opensElement(next) {
                (place, element) = (.elementName, "")
            }
        case .comment:
            if byte == UInt8(ascii: ">"), position >= 3, source[position - 2] == 0x2D, source[position - 3] == 0x2D {
                place = .content
            }
        case .raw(let name):
            guard byte == UInt8(ascii: "<"), starts("/" + name, ignoringCase: true) else { return }
            (place, element) = (.elementName, "")
        case .elementName:
            if byte == UInt8(ascii: ">") { return leaveTag() }
            if isBlank { place = .attributes } else { element.unicodeScalars.append(UnicodeScalar(byte)) }
        case .attributes:
            if byte == UInt8(ascii: ">") { return leaveTag() }
            if !isBlank, byte != UInt8(ascii: "/") {
                (place, attribute) = (.attributeName, String(UnicodeScalar(byte)))
            }
        case .attributeName:
            if byte == UInt8(ascii: ">") { return leaveTag() }
            if byte == UInt8(ascii: "=") { return enterValue() }
            if isBlank { place = .attributes } else { attribute.unicodeScalars.append(UnicodeScalar(byte)) }
        case .beforeValue:
            if isBlank { return }
            if byte == UInt8(ascii: ">") { return leaveTag() }
            place = byte == 0x22 || byte == 0x27 ? .quoted(byte) : .unquoted
        case .quoted(let quote):
            if byte == quote { return leaveValue() }
            urlStart?.unicodeScalars.append(UnicodeScalar(byte))
        case .unquoted:
            if byte == UInt8(ascii: ">") { return leaveTag() }
            if isBlank { place = .attributes }
        }
    }

    private mutating func leaveTag() {
        let name = element.lowercased()
        place = name == "script" || name == "style" ? .raw(name) : .content
    }

    private mutating func enterValue() {
        place = .beforeValue
        let name = attribute.lowercased()
        if name.hasPrefix("on") { find("\(name)= runs code; use a script file and data- attributes") }
        if name == "style" { find("style= is refused by the content security policy; use a class") }
        if name == "srcdoc" { find("srcdoc= is a page inside an attribute") }
        urlStart = Self.urlAttributes.contains(name) ? "" : nil
        urlStarts = []
    }

    private mutating func leaveValue() {
        if let urlStart { judgeScheme(urlStart) }
        (place, urlStart) = (.attributes, nil)
    }

    /// Browsers leave out blanks before and inside the scheme.
    private mutating func judgeScheme(_ start: String) {
        let scheme = start.lowercased().filter { !$0.isWhitespace }
        if scheme.hasPrefix("javascript:") || scheme.hasPrefix("vbscript:") { find("\(attribute)= runs code") }
    }

    // MARK: Marks

    private mutating func readMark() {
        let isKey = source[position] == UInt8(ascii: "[")
        let start = position + 2
        let closing = isKey ? UInt8(ascii: "]") : UInt8(ascii: "}")
        var end = start
        while end + 1 < source.count, source[end] != closing || source[end + 1] != closing { end += 1 }
        let content = String(decoding: source[start..<min(end, source.count)], as: UTF8.self)
        position = min(end + 2, source.count)
        judge(content.trimmingPrefix { $0.isWhitespace }, isKey: isKey)
        line += content.utf8.count { $0 == 0x0A }
    }

    private mutating func judge(_ content: Substring, isKey: Bool) {
        let sigil = isKey ? nil : content.first.flatMap { "#^/>!<$".contains($0) ? $0 : nil }
        if sigil == "!" { return }
        let isCondition = sigil == "#" || sigil == "^" || sigil == "/"
        let written = isKey ? "[[\(content)]]" : "{{\(content)}}"
        switch place {
        case .content, .comment: return
        case .raw(let name): find("\(written) inside <\(name)>")
        case .elementName: find("\(written) in the name of an element")
        case .attributes, .attributeName:
            // A condition may end right after an attribute without a value: `{{#a}} checked{{/a}}`.
            if !isCondition || (place == .attributeName && sigil != "/") { find("\(written) among attributes") }
            place = .attributes
        case .beforeValue, .unquoted:
            find("\(written) in \(attribute)= without quotes")
            place = .unquoted
        case .quoted:
            if sigil == "#" || sigil == "^" {
                urlStarts.append(urlStart)
            } else if sigil == "/" {
                // Where the section shows nothing, the URL still begins after it.
                urlStart = urlStarts.popLast() ?? urlStart
            } else if sigil != nil {
                find("\(written) inside \(attribute)=")
            } else {
                judgeURL(content, isKey: isKey, written: written)
            }
        }
    }

    private mutating func judgeURL(_ content: Substring, isKey: Bool, written: String) {
        guard let start = urlStart?.filter({ !$0.isWhitespace }) else { return }
        urlStart = nil
        judgeScheme(start)
        var name = content.lowercased()
        while name.last?.isWhitespace == true { name.removeLast() }
        let isTrusted = isKey ? name.hasPrefix("/") : name.hasSuffix("path")
        // "/" and a value that begins with "/" make "//elsewhere", another site.
        if !isTrusted, start.isEmpty || start == "/" {
            find("\(attribute)= begins with \(written), which may lead anywhere; give it a name ending in path")
        }
    }

    // MARK: Reading

    private func opensElement(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "{")
    }

    private func starts(_ text: String, ignoringCase: Bool = false) -> Bool {
        let next = String(decoding: source[position...].prefix(text.utf8.count), as: UTF8.self)
        return (ignoringCase ? next.lowercased() : next) == text
    }

    private mutating func find(_ problem: String) {
        findings.append(Finding(template: template, line: line, problem: problem))
    }
}
