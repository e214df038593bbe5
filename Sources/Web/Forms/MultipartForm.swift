internal import HTTPTypes

/// A form with files, as a browser sends it (`multipart/form-data`, RFC 7578): read strictly, and only where a route asks
/// for it. The files are stretches of what arrived, not copies. What they were called, and of what type their sender's
/// program takes them to be, is not kept: neither is to be believed, and a name can tell more than its owner meant.
package struct MultipartForm: Sendable, Equatable {
    /// What was typed.
    package let form: Form
    /// The files that were chosen, by the names of their fields.
    package let files: [String: [ArraySlice<UInt8>]]

    /// More parts than any form of ours has.
    package static let mostParts = 50
    /// The longest head of a part, in bytes.
    package static let longestHead = 2_048
    /// The longest text in a field, in bytes.
    package static let longestField = 262_144

    /// Why it cannot be read.
    package enum Flaw: Error, Equatable, Sendable {
        /// It does not begin, go on or end as such a form does.
        case malformed
        case tooManyParts
        case headTooLong
        case fieldTooLong
        /// A name or a text that is not UTF-8 or holds NUL.
        case unreadable
    }

    /// Reads the body of a request.
    /// - Parameters:
    ///   - boundary: what stands between its parts, as its head says.
    ///   - isCut: whether more came than was read: then what is whole is read, and the last part is not.
    package init(_ body: [UInt8], boundary: String, isCut: Bool = false) throws(Flaw) {
        let reader = PartReader(body, boundary: boundary)
        var (values, files): ([String: [String]], [String: [ArraySlice<UInt8>]]) = ([:], [:])
        var (count, position) = (0, try reader.begin())
        parts: while true {
            switch try reader.part(at: position) {
            case .end: break parts
            case .unfinished:
                if isCut { break parts }
                throw .malformed
            case .part(let head, let content, let next):
                count += 1
                guard count <= Self.mostParts else { throw .tooManyParts }
                let part = try PartHead(head)
                position = next
                if part.isFile {
                    // What a browser sends where nothing was chosen.
                    if !content.isEmpty { files[part.name, default: []].append(content) }
                } else {
                    guard content.count <= Self.longestField else { throw .fieldTooLong }
                    values[part.name, default: []].append(try Self.text(content).withPlainLineBreaks)
                }
            }
        }
        (form, self.files) = (Form(values), files)
    }

    /// The boundary that a `Content-Type` names; nil where it is no such form, or names none that would do.
    package static func boundary(in contentType: String) -> String? {
        let parts = contentType.split(separator: ";", omittingEmptySubsequences: false).map { part in
            part.drop { $0 == " " }
        }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        let found = parts.dropFirst().filter { $0.lowercased().hasPrefix("boundary=") }
        guard found.count == 1, var boundary = found.first?.dropFirst(9) else { return nil }
        if boundary.hasPrefix("\""), boundary.hasSuffix("\""), boundary.count >= 2 {
            boundary = boundary.dropFirst().dropLast()
        }
        let others = Set("'()+_,-./:=?".utf8)
        guard 1...70 ~= boundary.utf8.count,
            boundary.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || others.contains(byte)
            })
        else { return nil }
        return String(boundary)
    }

    fileprivate static func text(_ bytes: ArraySlice<UInt8>) throws(Flaw) -> String {
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else { throw .unreadable }
        return text
    }
}

/// Finds the parts of a body by what stands between them.
private struct PartReader {
    enum Found {
        case part(head: ArraySlice<UInt8>, content: ArraySlice<UInt8>, next: Int)
        case end
        /// There is no end to it.
        case unfinished
    }

    private let bytes: [UInt8]
    /// Line break, two dashes, the boundary.
    private let mark: [UInt8]

    init(_ bytes: [UInt8], boundary: String) {
        (self.bytes, mark) = (bytes, Array("\r\n--\(boundary)".utf8))
    }

    /// - Returns: where the first part begins. Nothing stands before it.
    func begin() throws(MultipartForm.Flaw) -> Int {
        guard bytes.starts(with: mark.dropFirst(2)) else { throw .malformed }
        return mark.count - 2
    }

    /// - Parameter position: right behind a mark.
    func part(at position: Int) throws(MultipartForm.Flaw) -> Found {
        let rest = bytes[position...]
        if rest.starts(with: "--".utf8) {
            let tail = rest.dropFirst(2)
            if tail.elementsEqual("\r".utf8) { return .unfinished }
            guard tail.isEmpty || tail.elementsEqual("\r\n".utf8) else { throw .malformed }
            return .end
        }
        guard rest.count >= 2 else { return .unfinished }
        guard rest.starts(with: "\r\n".utf8) else { throw .malformed }
        let head = rest.dropFirst(2)
        guard let headEnd = find(Array("\r\n\r\n".utf8), from: head.startIndex, within: MultipartForm.longestHead + 4)
        else {
            if head.count > MultipartForm.longestHead { throw .headTooLong }
            return .unfinished
        }
        let content = headEnd + 4
        guard let end = find(mark, from: content, within: bytes.count) else { return .unfinished }
        return .part(head: bytes[head.startIndex..<headEnd], content: bytes[content..<end], next: end + mark.count)
    }

    /// One pass, however much of it begins like what is looked for: that is short, and begins with a line break.
    private func find(_ wanted: [UInt8], from start: Int, within length: Int) -> Int? {
        let limit = min(bytes.count, start + length)
        var position = start
        return bytes.withUnsafeBufferPointer { bytes in
            while position + wanted.count <= limit {
                guard let next = bytes[position..<limit].firstIndex(of: 0x0D), next + wanted.count <= limit else {
                    return nil
                }
                if bytes[next..<(next + wanted.count)].elementsEqual(wanted) { return next }
                position = next + 1
            }
            return nil
        }
    }
}

/// The lines before a part's content.
private struct PartHead {
    let name: String
    let isFile: Bool

    init(_ bytes: ArraySlice<UInt8>) throws(MultipartForm.Flaw) {
        let head = try MultipartForm.text(bytes)
        var found: (name: String, isFile: Bool)?
        for line in head.split(separator: "\r\n", omittingEmptySubsequences: false) {
            guard let colon = line.firstIndex(of: ":"), !line.contains("\n"), !line.contains("\r") else {
                throw .malformed
            }
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard found == nil else { throw .malformed }
                found = try Self.disposition(line[line.index(after: colon)...])
            case "content-type": break
            // Browsers send no others, and one of them could change what the content means.
            default: throw .malformed
            }
        }
        guard let found else { throw .malformed }
        (name, isFile) = found
    }

    /// `form-data; name="…"; filename="…"`, as browsers write it: quotes and line breaks in it are escaped like in an
    /// address.
    private static func disposition(
        _ text: Substring
    ) throws(MultipartForm.Flaw) -> (name: String, isFile: Bool) {
        var rest = text.drop { $0 == " " }
        guard rest.hasPrefix("form-data") else { throw .malformed }
        rest = rest.dropFirst("form-data".count)
        var (name, isFile): (String?, Bool) = (nil, false)
        while !rest.isEmpty {
            guard rest.hasPrefix(";"), let equals = rest.firstIndex(of: "=") else { throw .malformed }
            let key = rest[..<equals].dropFirst().drop { $0 == " " }
            let value = rest[rest.index(after: equals)...]
            guard value.hasPrefix("\""), let end = value.dropFirst().firstIndex(of: "\"") else { throw .malformed }
            let content = value[value.index(after: value.startIndex)..<end]
            switch key {
            case "name" where name == nil: name = String(content)
            case "filename" where !isFile: isFile = true
            default: throw .malformed
            }
            rest = value[value.index(after: end)...].drop { $0 == " " }
        }
        guard let name, 1...100 ~= name.utf8.count else { throw .malformed }
        return (name, isFile)
    }
}

extension MultipartForm.Flaw {
    /// The same as the answer to a request.
    var refusal: Refusal {
        switch self {
        case .malformed:
            Refusal(.badRequest, "This form arrived in a way that cannot be read. Please send it again.")
        case .tooManyParts: Refusal(.contentTooLarge, "This form has too many fields.")
        case .headTooLong, .fieldTooLong:
            Refusal(.contentTooLarge, "That is more than can be sent at once. Please send a shorter text.")
        case .unreadable:
            Refusal(.badRequest, "This form holds text that cannot be read. Please write it again and send it.")
        }
    }
}
