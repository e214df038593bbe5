/// A file of lines with fixed columns between commas, under one line of column names. Fields are whole numbers or masks
/// in hexadecimal; there are no quotes.
struct Table {
    let file: String
    private let bytes: [UInt8]
    private let columns: [String]
    private var cursor = 0
    private var line = 1
    private var column = 0

    /// - Throws: ``InstanceFault`` when the column names are not the ones expected.
    init(_ file: String, _ bytes: [UInt8], columns: [String]) throws(InstanceFault) {
        self.file = file
        self.bytes = bytes
        self.columns = columns
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let names = String(decoding: bytes[..<end], as: UTF8.self).split(
            separator: ",", omittingEmptySubsequences: false)
        guard names.map({ $0.last == "\r" ? String($0.dropLast()) : String($0) }) == columns else {
            throw fault("the columns should be \(columns.joined(separator: ","))")
        }
        cursor = min(end + 1, bytes.count)
    }

    /// Goes to the next line; false at the end of the file.
    mutating func next() throws(InstanceFault) -> Bool {
        guard column == 0 || column == columns.count else {
            throw fault("\(columns[column]) is missing")
        }
        guard cursor < bytes.count else { return false }
        line += 1
        column = 0
        return true
    }

    /// A whole number within a range.
    mutating func number<Number: FixedWidthInteger>(
        _ type: Number.Type, in range: ClosedRange<Int>
    ) throws(InstanceFault) -> Number {
        let (name, field) = try field()
        guard let number = Self.number(field) else {
            throw fault("\(name) is \(shown(field)), which is not a whole number")
        }
        guard range.contains(number) else {
            throw fault("\(name) is \(number), which is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return Number(truncatingIfNeeded: number)
    }

    /// A mask of so many bits.
    mutating func mask<Mask: FixedWidthInteger>(
        _ type: Mask.Type, bits: Int = Mask.bitWidth
    ) throws(InstanceFault) -> Mask {
        try words(bits: bits).reversed().reduce(Mask(0)) { $0 << 64 | Mask(truncatingIfNeeded: $1) }
    }

    /// A mask of so many bits in words of 64, the lowest first.
    mutating func words(bits: Int) throws(InstanceFault) -> [UInt64] {
        let (name, field) = try field()
        var words = [UInt64](repeating: 0, count: (bits + 63) / 64)
        guard !field.isEmpty else { throw fault("\(name) is empty, and not a mask in hexadecimal") }
        for (place, byte) in field.reversed().enumerated() {
            guard let digit = Self.digit(byte) else {
                throw fault("\(name) is \(shown(field)), which is not a mask in hexadecimal")
            }
            guard digit == 0 || 4 * place + 8 - digit.leadingZeroBitCount <= bits else {
                throw fault("\(name) has more than \(bits) bits")
            }
            if digit != 0 { words[place / 16] |= UInt64(digit) << UInt64(4 * (place % 16)) }
        }
        return words
    }

    func fault(_ reason: String) -> InstanceFault {
        InstanceFault(file: file, place: .line(line), reason: reason)
    }

    private mutating func field() throws(InstanceFault) -> (name: String, field: ArraySlice<UInt8>) {
        guard column < columns.count else { throw fault("there are more than \(columns.count) fields") }
        let name = columns[column]
        let isLast = column == columns.count - 1
        let start = cursor
        while cursor < bytes.count, bytes[cursor] != UInt8(ascii: ","), bytes[cursor] != UInt8(ascii: "\n") {
            cursor += 1
        }
        var field = bytes[start..<cursor]
        let endsLine = cursor == bytes.count || bytes[cursor] == UInt8(ascii: "\n")
        if endsLine, field.last == UInt8(ascii: "\r") { field.removeLast() }
        if endsLine, !isLast { throw fault("\(columns[column + 1]) is missing") }
        if !endsLine, isLast { throw fault("there are more than \(columns.count) fields") }
        if cursor == bytes.count, isLast { throw fault("the line does not end; the file may have been cut off") }
        cursor += 1
        column += 1
        return (name, field)
    }

    private func shown(_ field: ArraySlice<UInt8>) -> String {
        field.isEmpty ? "empty" : "“\(String(decoding: field.prefix(40), as: UTF8.self))”"
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        // Int(_:) alone would take a plus sign.
        field.first == UInt8(ascii: "+") ? nil : Int(String(decoding: field, as: UTF8.self))
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
