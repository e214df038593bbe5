/// One text, taken apart when it is loaded, so that filling it in only puts pieces together.
struct LocalizedText: Sendable {
    /// The text as it was written.
    let written: String

    private let gaps: [Gap]
    /// What stands behind the last gap.
    private let end: String

    /// A place for an argument, and what stands between it and the one before.
    private struct Gap: Sendable {
        let before: String
        let name: String
        let written: String
    }

    init(_ text: String) {
        written = text
        var gaps: [Gap] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let name = rest[open.upperBound..<close.lowerBound].filter { !$0.isWhitespace }
            gaps.append(
                Gap(
                    before: String(rest[..<open.lowerBound]), name: String(name),
                    written: String(rest[open.lowerBound..<close.upperBound])))
            rest = rest[close.upperBound...]
        }
        self.gaps = gaps
        end = String(rest)
    }

    /// The text with its arguments filled in; a gap without one stays as it was written.
    /// - Parameter missing: told the name of an argument that was not given.
    func filled(with arguments: [String: String], missing: (String) -> Void) -> String {
        if gaps.isEmpty { return written }
        var filled = ""
        for gap in gaps {
            filled += gap.before
            if let argument = arguments[gap.name] {
                filled += argument
            } else {
                missing(gap.name)
                filled += gap.written
            }
        }
        return filled + end
    }
}
