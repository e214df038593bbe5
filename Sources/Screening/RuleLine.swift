/// A line of a file of rules that says something: blocks begin at the margin, and what belongs to them is indented. `//`
/// begins a remark.
struct RuleLine {
    /// From 1.
    let number: Int
    let beginsBlock: Bool
    /// Without what is before and behind it, and not empty.
    let text: Substring

    static func all(of text: String) -> [RuleLine] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, raw in
            let line = raw.prefix(upTo: raw.firstRange(of: "//")?.lowerBound ?? raw.endIndex)
            let text = line.drop { $0 == " " }
            guard !text.isEmpty else { return nil }
            return RuleLine(number: index + 1, beginsBlock: line.first != " ", text: text)
        }
    }
}
