/// Reads newline-delimited JSON, the format of FHIR bulk data: one resource a line.
///
/// Bytes are fed as they arrive, in pieces of any size. Each line is judged alone, so one broken line never costs the
/// others; empty lines are passed over but counted.
///
///     var reader = NDJSONReader()
///     for try await chunk in body {
///         for line in reader.feed(chunk) { … }
///     }
///     if let last = reader.finish() { … }
package struct NDJSONReader: Sendable {
    /// One line of the file: its number, counted from 1, and its resource or what is wrong with it.
    package struct Line: Sendable {
        package let number: Int
        package let content: Result<Resource, Issue>
    }

    private let lineLimit: Int
    private var number = 1
    private var pending: [UInt8] = []
    private var isTooLong = false

    /// - Parameter lineLimit: the longest line accepted, in bytes. A longer one is reported and passed over without
    ///   being kept in memory.
    package init(lineLimit: Int = 16 << 20) {
        self.lineLimit = lineLimit
    }

    /// Takes the next bytes of the file and gives the lines that are now complete.
    package mutating func feed(_ bytes: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            keep(rest[..<end])
            if let line = takeLine() { lines.append(line) }
            rest = rest[rest.index(after: end)...]
        }
        keep(rest)
        return lines
    }

    /// Gives the last line where the file does not end with a line break. The reader starts anew after it.
    package mutating func finish() -> Line? {
        let last = takeLine()
        number = 1
        return last
    }

    /// Reads a file that is already in memory.
    package static func lines(of bytes: [UInt8]) -> [Line] {
        var reader = NDJSONReader()
        let lines = reader.feed(bytes)
        return reader.finish().map { lines + [$0] } ?? lines
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) {
        guard !isTooLong else { return }
        if pending.count + bytes.count > lineLimit {
            isTooLong = true
            pending = []
        } else {
            pending.append(contentsOf: bytes)
        }
    }

    private mutating func takeLine() -> Line? {
        defer {
            number += 1
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if isTooLong {
            let message = "line \(number): the line is longer than \(lineLimit) bytes"
            return Line(number: number, content: .failure(Issue(.fatal, .tooLong, message)))
        }
        let isBlank = pending.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
        return isBlank ? nil : Line(number: number, content: resource())
    }

    private func resource() -> Result<Resource, Issue> {
        do throws(Issue) {
            return .success(try Resource(parsing: pending, line: number))
        } catch {
            return .failure(error)
        }
    }
}
