internal import NIOCore

/// Reads one template's source into `Markup`, putting the locale's texts in place of `[[keys]]` on the way.
struct TemplateParser {
    /// The keys met so far; a plural key is recorded once, without its suffix.
    private(set) var keys: Set<String> = []

    private let source: [UInt8]
    private let template: String
    private let wording: Wording
    /// Set while reading a localized text: the key, for error messages. Its plain text is escaped.
    private let key: String?
    private var position = 0
    private var line = 1

    private struct Opened {
        let sigil: String
        let name: String
        let line: Int
    }

    private struct Tag {
        let sigil: UInt8?
        let name: String
        let line: Int
    }

    init(source: [UInt8], template: String, wording: Wording) {
        (self.source, self.template, self.wording, key) = (source, template, wording, nil)
    }

    private init(text: String, key: String, line: Int, within parser: TemplateParser) {
        source = Array(text.utf8)
        (template, wording, self.key, self.line) = (parser.template, parser.wording, key, line)
    }

    mutating func parse() throws(TemplateError) -> [Markup] {
        try markup(inside: nil)
    }

    // MARK: Sequences

    private mutating func markup(inside opened: Opened?) throws(TemplateError) -> [Markup] {
        var markup: [Markup] = []
        while let start = nextMark() {
            let isKey = source[start] == UInt8(ascii: "[")
            var text = take(upTo: start)
            if isKey {
                append(text, to: &markup)
                markup += try localized()
                continue
            }
            let tag = try readTag()
            if tag.sigil != nil, standsAlone(from: start) {
                while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
                skipRestOfLine()
            }
            append(text, to: &markup)
            guard tag.sigil == UInt8(ascii: "/") else {
                if let node = try node(for: tag) { markup.append(node) }
                continue
            }
            guard let opened else { throw syntax("{{/\(tag.name)}} closes nothing", at: tag.line) }
            guard opened.name == tag.name else {
                throw syntax(
                    "{{/\(tag.name)}} where {{\(opened.sigil)\(opened.name)}} of line \(opened.line) is still open",
                    at: tag.line)
            }
            return markup
        }
        append(take(upTo: source.count), to: &markup)
        if let opened {
            throw .unclosed(tag: "{{\(opened.sigil)\(opened.name)}}", template: template, line: opened.line)
        }
        return markup
    }

    private func append(_ text: [UInt8], to markup: inout [Markup]) {
        guard !text.isEmpty else { return }
        guard key != nil else { return markup.append(.text(text)) }
        var escaped = ByteWriter(capacity: text.count * 2)
        text.withUnsafeBytes { escaped.write(escaping: $0) }
        markup.append(.text(Array(escaped.buffer.readableBytesView)))
    }

    // MARK: Tags

    private mutating func node(for tag: Tag) throws(TemplateError) -> Markup? {
        guard let sigil = tag.sigil else { return .value(try name(tag)) }
        if key != nil, "<>$".utf8.contains(sigil) {
            throw syntax("a text may hold values and sections only", at: tag.line)
        }
        let opened = Opened(sigil: String(UnicodeScalar(sigil)), name: tag.name, line: tag.line)
        switch sigil {
        case UInt8(ascii: "!"): return nil
        case UInt8(ascii: "#"): return .section(try name(tag), try markup(inside: opened))
        case UInt8(ascii: "^"): return .inverted(try name(tag), try markup(inside: opened))
        case UInt8(ascii: ">"): return .partial(try reference(tag))
        case UInt8(ascii: "$"):
            guard isPath(tag.name) else { throw syntax("{{$\(tag.name)}} is not a name", at: tag.line) }
            return .block(tag.name, try markup(inside: opened))
        default:
            let layout = try reference(tag)
            return .layout(layout, blocks: try blocks(try markup(inside: opened), at: tag.line))
        }
    }

    private func blocks(_ content: [Markup], at line: Int) throws(TemplateError) -> [String: [Markup]] {
        var blocks: [String: [Markup]] = [:]
        for node in content {
            switch node {
            case .block(let name, let markup):
                guard blocks.updateValue(markup, forKey: name) == nil else {
                    throw syntax("block {{$\(name)}} is given twice", at: line)
                }
            case .text(let text) where text.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }): continue
            default: throw syntax("only {{$blocks}} belong directly inside a layout", at: line)
            }
        }
        return blocks
    }

    private mutating func readTag() throws(TemplateError) -> Tag {
        let start = line
        guard let end = find("}}", from: position + 2) else {
            throw .unclosed(tag: "{{", template: template, line: start)
        }
        let content = source[(position + 2)..<end]
        if let first = content.first, "{&=".utf8.contains(first) {
            throw syntax(
                first == UInt8(ascii: "=")
                    ? "the marks around names cannot be changed"
                    : "there is no unescaped output; give the value the type HTML instead", at: start)
        }
        _ = take(upTo: end + 2)
        let sigil = content.first.flatMap { "#^/>!<$".utf8.contains($0) ? $0 : nil }
        let name = String(decoding: sigil == nil ? content : content.dropFirst(), as: UTF8.self)
        return Tag(sigil: sigil, name: trimmed(name), line: start)
    }

    private func name(_ tag: Tag) throws(TemplateError) -> Name {
        if tag.name == "." { return Name(first: "", rest: [], template: template, line: tag.line) }
        let parts = tag.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, parts.allSatisfy(isWord) else {
            throw syntax("{{\(tag.name)}} is not a name", at: tag.line)
        }
        return Name(first: first, rest: Array(parts.dropFirst()), template: template, line: tag.line)
    }

    private func reference(_ tag: Tag) throws(TemplateError) -> Reference {
        guard isPath(tag.name) else { throw syntax("{{>\(tag.name)}} is not the name of a template", at: tag.line) }
        return Reference(name: tag.name, template: template, line: tag.line)
    }

    // MARK: Localized texts

    /// `[[key]]`, `[[key #number]]` (the plural form for that number) or `[[/asset]]`.
    private mutating func localized() throws(TemplateError) -> [Markup] {
        let start = line
        guard let end = find("]]", from: position + 2) else {
            throw .unclosed(tag: "[[", template: template, line: start)
        }
        let content = trimmed(String(decoding: source[(position + 2)..<end], as: UTF8.self))
        _ = take(upTo: end + 2)
        if content.hasPrefix("/") {
            let asset = String(content.dropFirst())
            guard let path = wording.assets?.path(asset) else {
                throw .unknownAsset(name: asset, template: template, line: start)
            }
            return [.text(Array(path.utf8))]
        }
        let parts = content.split(separator: "#", maxSplits: 1).map { trimmed(String($0)) }
        guard let key = parts.first, isPath(key) else { throw syntax("[[\(content)]] is not a key", at: start) }
        keys.insert(key)
        guard parts.count == 2 else {
            return try fragment(wording.strings?.text(key), key: key, at: start)
        }
        let number = try name(Tag(sigil: nil, name: parts[1], line: start))
        var forms: [PluralCategory: [Markup]] = [:]
        for category in wording.strings?.pluralRule.categories ?? [.other] {
            forms[category] = try fragment(wording.strings?.form(category, of: key), key: key, at: start)
        }
        return [.plural(number, forms)]
    }

    private func fragment(_ text: String?, key: String, at line: Int) throws(TemplateError) -> [Markup] {
        guard let text else { throw .unknownKey(key: key, template: template, line: line) }
        var parser = TemplateParser(text: text, key: key, line: line, within: self)
        return try parser.parse()
    }

    // MARK: Scanning

    /// Where the next `{{` or, outside texts, `[[` begins.
    private func nextMark() -> Int? {
        var index = position
        while index + 1 < source.count {
            let byte = source[index]
            if source[index + 1] == byte, byte == UInt8(ascii: "{") || (byte == UInt8(ascii: "[") && key == nil) {
                return index
            }
            index += 1
        }
        return nil
    }

    private func find(_ mark: StaticString, from start: Int) -> Int? {
        let byte = mark.utf8Start[0]
        var index = start
        while index + 1 < source.count {
            if source[index] == byte, source[index + 1] == byte { return index }
            index += 1
        }
        return nil
    }

    private mutating func take(upTo end: Int) -> [UInt8] {
        let taken = Array(source[position..<end])
        position = end
        // Within a text the only line worth telling is the one of its key in the template.
        if key == nil { line += taken.count { $0 == 0x0A } }
        return taken
    }

    /// Whether the tag between `start` and the current position has its line to itself.
    private func standsAlone(from start: Int) -> Bool {
        let before = source[..<start].reversed().first { $0 != 0x20 && $0 != 0x09 }
        let after = source[position...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        return key == nil && (before == nil || before == 0x0A) && (after == nil || after == 0x0A)
    }

    private mutating func skipRestOfLine() {
        let end = source[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? source.count
        _ = take(upTo: end)
    }

    private func isWord(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x5F || $0 == 0x2D }
    }

    private func isPath(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x5F || $0 == 0x2D || $0 == 0x2F || $0 == 0x2E }
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        var rest = text[...].drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }

    private func syntax(_ problem: String, at line: Int) -> TemplateError {
        .syntax(problem: key.map { "in [[\($0)]]: \(problem)" } ?? problem, template: template, line: line)
    }
}
