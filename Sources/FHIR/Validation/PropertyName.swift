/// Names of properties as they come from outside: how to show one, and which known one was probably meant.
enum PropertyName {
    /// The name in quotation marks, or a stand-in where it does not look like a name: anything can be written in the
    /// place of a name, also what must not be repeated in a message.
    static func quoted(_ name: String) -> String {
        isPlain(name) ? "\"\(name)\"" : "(a name of \(name.unicodeScalars.count) characters)"
    }

    static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64 && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F }
    }

    /// The known name nearest to a wrong one, or nil where none is near: at most one slip for every four letters,
    /// at least one and at most three. A slip is a letter left out, added, changed or swapped with its neighbor.
    static func nearest(to name: String, among known: [String]) -> String? {
        let wrong = Array(name.lowercased().utf8)
        guard !wrong.isEmpty, wrong.count <= 64 else { return nil }
        let reach = min(max(wrong.count / 4, 1), 3)
        var best: (name: String, slips: Int)?
        for candidate in known {
            let right = Array(candidate.lowercased().utf8)
            guard abs(right.count - wrong.count) <= reach else { continue }
            let slips = slips(from: wrong, to: right)
            if slips <= reach, slips < best?.slips ?? .max { best = (candidate, slips) }
        }
        return best?.name
    }

    /// Optimal string alignment distance: Levenshtein's with swapped neighbors counted once.
    private static func slips(from wrong: [UInt8], to right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in wrong.enumerated() {
            var line = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, line[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], wrong[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                line.append(cost)
            }
            (beforeLast, last) = (last, line)
        }
        return last[right.count]
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { self &- 0x30 < 10 }
    var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var isASCIILetterOrDigit: Bool { isASCIIDigit || isASCIILetter }
}
