import FHIR
import Testing

@Suite("Reading NDJSON")
struct NDJSONReaderTests {
    private static let file = Array(
        """
        {"resourceType":"Patient","id":"1"}

        {"resourceType":"Patient","id":
        {"resourceType":"Patient","id":"4"}\r
        [1]
        {"id":"6"}
        {"resourceType":"Patient","id":"7"}
        """.utf8)

    private func summary(_ lines: [NDJSONReader.Line]) -> [String] {
        lines.map { line in
            switch line.content {
            case .success(let resource): "\(line.number) \(resource.id ?? "")"
            case .failure(let issue): "\(line.number) \(issue.code.rawValue)"
            }
        }
    }

    private let expected = ["1 1", "3 structure", "4 4", "5 structure", "6 structure", "7 7"]

    @Test("Each line is judged alone, with its number in the file")
    func lines() throws {
        let lines = NDJSONReader.lines(of: Self.file)
        #expect(summary(lines) == expected)
        let issue = #expect(throws: FHIR.Issue.self) { try lines[1].content.get() }
        #expect(issue?.message.hasPrefix("line 3, column 32:") == true)
    }

    @Test("Pieces of any size give the same lines", arguments: [1, 2, 7, 36, 1000])
    func pieces(_ size: Int) {
        var reader = NDJSONReader()
        var lines: [NDJSONReader.Line] = []
        for start in stride(from: 0, to: Self.file.count, by: size) {
            lines += reader.feed(Self.file[start..<min(start + size, Self.file.count)])
        }
        if let last = reader.finish() { lines.append(last) }
        #expect(summary(lines) == expected)
    }

    @Test("A line beyond the limit is reported and costs the others nothing")
    func tooLong() {
        let long = #"{"resourceType":"Patient","id":"\#(String(repeating: "x", count: 200))"}"#
        let short = #"{"resourceType":"Patient","id":"2"}"#
        var reader = NDJSONReader(lineLimit: 100)
        let lines = reader.feed(Array("\(long)\n\(short)\n".utf8))
        #expect(summary(lines) == ["1 too-long", "2 2"])
        #expect(reader.finish()?.number == nil)
    }
}
