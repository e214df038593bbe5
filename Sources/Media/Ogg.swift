/// Opus in Ogg (RFC 3533, RFC 7845): one stream of sound. Its pages are numbered and summed up anew, and the page with
/// remarks on it is one of our own that has none.
enum Ogg {
    private struct Page {
        let isContinued: Bool
        let isFirst: Bool
        let isLast: Bool
        let granule: ArraySlice<UInt8>
        let serial: ArraySlice<UInt8>
        let lengths: ArraySlice<UInt8>
        let body: ArraySlice<UInt8>

        init(_ reader: inout ByteReader) throws(FileRefusal) {
            let start = reader.rest
            guard try reader.name() == "OggS", try reader.byte() == 0 else { throw .damaged }
            let flags = try reader.byte()
            (isContinued, isFirst, isLast) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0)
            granule = try reader.take(8)
            serial = try reader.take(4)
            try reader.skip(4)
            let sum = try reader.take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
            lengths = try reader.take(Int(try reader.byte()))
            body = try reader.take(lengths.reduce(0) { $0 + Int($1) })
            var whole = Array(start.prefix(reader.position - start.startIndex))
            whole.replaceSubrange(22..<26, with: [0, 0, 0, 0])
            guard Checksum.ogg.of(whole) == sum else { throw .damaged }
        }

        /// Whether its last packet goes on in the next one.
        var goesOn: Bool { lengths.last == 255 }
    }

    static func cleaned(_ file: ArraySlice<UInt8>) throws(FileRefusal) -> CleanFile {
        var reader = ByteReader(file)
        let first = try Page(&reader)
        guard first.isFirst, !first.isContinued, !first.goesOn else { throw .damaged }
        if first.body.starts(with: [0x80] + "theora".utf8) { throw .video }
        guard first.lengths.count == 1 else { throw .unknown }
        let head = try Opus.Head(first.body)
        var pages = Pages(serial: first.serial, capacity: file.count)
        pages.append(first.body, first.lengths, flags: 2, granule: [0, 0, 0, 0, 0, 0, 0, 0])
        try skipRemarks(&reader, first.serial)
        // Eight bytes for the name, four for whose work it is, four that say: no remarks.
        let remarks = Array("OpusTags".utf8) + [0, 0, 0, 0, 0, 0, 0, 0]
        pages.append(remarks[...], [UInt8(remarks.count)], flags: 0, granule: [0, 0, 0, 0, 0, 0, 0, 0])
        var (ticks, open): (Int, [UInt8]) = (-head.preSkip, [])
        while !reader.isAtEnd {
            let page = try Page(&reader)
            guard page.serial == first.serial, !page.isFirst, page.isContinued == !open.isEmpty else {
                throw page.isFirst ? .unknown : .damaged
            }
            ticks += try sound(of: page, &open)
            let isLast = page.isLast || reader.isAtEnd
            let flags: UInt8 = (page.isContinued ? 1 : 0) | (isLast ? 4 : 0)
            pages.append(page.body, page.lengths, flags: flags, granule: page.granule)
            if isLast { break }
        }
        guard open.isEmpty else { throw .damaged }
        return try CleanFile(.ogg, pages.bytes, lasting: ticks)
    }

    private static func skipRemarks(
        _ reader: inout ByteReader, _ serial: ArraySlice<UInt8>
    ) throws(FileRefusal) {
        var isOpen = false
        repeat {
            let page = try Page(&reader)
            guard page.serial == serial, !page.isFirst, page.isContinued == isOpen,
                isOpen || page.body.starts(with: "OpusTags".utf8),
                // Nothing else stands on a page with remarks.
                page.lengths.dropLast().allSatisfy({ $0 == 255 })
            else { throw page.isFirst ? .unknown : .damaged }
            isOpen = page.goesOn
        } while isOpen
    }

    /// How long the packets sound that end on a page.
    /// - Parameter open: the beginning of the one that goes on.
    private static func sound(of page: Page, _ open: inout [UInt8]) throws(FileRefusal) -> Int {
        var (ticks, reader) = (0, ByteReader(page.body))
        for length in page.lengths {
            let part = try reader.take(Int(length))
            // Its first bytes say how long it sounds.
            if open.count < 2 { open += part.prefix(2) }
            if length < 255 {
                ticks += try Opus.ticks(of: open[...])
                open = []
            } else if open.isEmpty {
                throw .damaged
            }
        }
        return ticks
    }

    /// Pages as they are written.
    private struct Pages {
        let serial: ArraySlice<UInt8>
        private(set) var bytes: [UInt8] = []
        private var count = 0

        init(serial: ArraySlice<UInt8>, capacity: Int) {
            self.serial = serial
            bytes.reserveCapacity(capacity)
        }

        mutating func append(
            _ body: ArraySlice<UInt8>, _ lengths: some Collection<UInt8>, flags: UInt8,
            granule: some Collection<UInt8>
        ) {
            let start = bytes.count
            bytes += "OggS".utf8
            bytes += [0, flags]
            bytes += granule
            bytes += serial
            bytes.append(littleEndian: count, 4)
            bytes += [0, 0, 0, 0, UInt8(lengths.count)]
            bytes += lengths
            bytes += body
            var sum: [UInt8] = []
            sum.append(littleEndian: Int(Checksum.ogg.of(bytes[start...])), 4)
            bytes.replaceSubrange((start + 22)..<(start + 26), with: sum)
            count += 1
        }
    }
}
