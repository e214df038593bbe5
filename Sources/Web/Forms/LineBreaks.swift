extension String {
    /// With every line break, CR LF or CR, as one LF.
    ///
    /// By bytes: CR and LF beside each other are one character, so putting characters in the place of others can make a
    /// CR LF that was not there before, and leave it.
    var withPlainLineBreaks: String {
        guard utf8.contains(0x0D) else { return self }
        var (bytes, last): ([UInt8], UInt8) = ([], 0)
        bytes.reserveCapacity(utf8.count)
        for byte in utf8 {
            if byte == 0x0D {
                bytes.append(0x0A)
            } else if byte != 0x0A || last != 0x0D {
                bytes.append(byte)
            }
            last = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
