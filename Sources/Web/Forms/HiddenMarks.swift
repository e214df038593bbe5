extension String {
    /// Without the characters that nobody sees and that make text something else than it looks: those that turn the
    /// direction of whatever follows (Unicode UAX 9), and those of no width that make two names look the same.
    ///
    /// What words need stays: the marks that join or part letters in Persian, Hindi and emoji, and those that only give a
    /// direction to the punctuation beside them.
    package var withoutHiddenMarks: String {
        guard unicodeScalars.contains(where: Self.isHiddenMark) else { return self }
        var kept = UnicodeScalarView()
        kept.append(contentsOf: unicodeScalars.lazy.filter { !Self.isHiddenMark($0) })
        return String(kept)
    }

    private static func isHiddenMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069: true  // embeddings, overrides, isolates
        case 0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E: true  // no width
        default: false
        }
    }
}
