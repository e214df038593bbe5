import Matching

/// Small numbers for the program's own codes: matching compares numbers. A code gets its number when it is first seen;
/// case and surrounding space do not matter.
struct Interning: Sendable {
    private var numbers: [String: Int] = [:]
    /// As first written, by number.
    private(set) var codes: [String] = []

    mutating func number(of code: String) -> Int {
        let key = code.trimmed.lowercased()
        if let number = numbers[key] { return number }
        numbers[key] = codes.count
        codes.append(code)
        return codes.count - 1
    }

    /// The number of a code that was seen before.
    func known(_ code: String) -> Int? { numbers[code.trimmed.lowercased()] }

    mutating func set(_ codes: some Sequence<String>) -> CodeSet {
        var set = CodeSet()
        for code in codes { set.insert(number(of: code)) }
        return set
    }

    func code(_ number: Int?) -> String? { number.flatMap { codes.indices.contains($0) ? codes[$0] : nil } }

    func codes(of set: CodeSet) -> [String] {
        set.codes.compactMap { codes.indices.contains($0) ? codes[$0] : nil }
    }
}
