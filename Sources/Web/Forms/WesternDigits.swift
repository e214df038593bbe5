extension String {
    /// With the digits of Arabic (٣) and those of Persian and Urdu (۳) written as 3: telephones, codes and numbers are
    /// read in these, whatever the keyboard has. All else stays as it is.
    package var withWesternDigits: String {
        guard unicodeScalars.contains(where: { Self.digit($0) != nil }) else { return self }
        var written = UnicodeScalarView()
        for scalar in unicodeScalars { written.append(Self.digit(scalar) ?? scalar) }
        return String(written)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x0660...0x0669: Unicode.Scalar(scalar.value - 0x0660 + 0x30)
        case 0x06F0...0x06F9: Unicode.Scalar(scalar.value - 0x06F0 + 0x30)
        default: nil
        }
    }
}

extension Character {
    /// Whether it is one of 0 to 9, as telephones dial it.
    package var isDigit: Bool { ("0"..."9").contains(self) }
}
