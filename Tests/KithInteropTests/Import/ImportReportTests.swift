import Testing

@testable import KithInterop

@Suite("The report of an import")
struct ImportReportTests {
    private static let report: ImportReport = {
        var report = ImportReport()
        report.files = [
            .init(
                name: "synthea.json", verdict: .taken, taken: ["Patient": 1],
                kept: ["Observation": 20, "Condition": 3], known: [:], reasons: []),
            .init(
                name: "bad.json", verdict: .refused, taken: [:], kept: [:], known: [:],
                reasons: [.init(path: "Observation.status", words: "is required and missing")]),
            .init(name: "old.json", verdict: .known, taken: [:], kept: [:], known: ["Patient": 1], reasons: [])
        ]
        return report
    }()

    @Test("It is aligned, and ends with a sum")
    func text() {
        #expect(
            Self.report.text == """
                taken     synthea.json  1 Patient; not used: 20 Observation, 3 Condition
                refused   bad.json
                          Observation.status: is required and missing
                known     old.json      known: 1 Patient

                3 files: 1 taken, 0 not used, 1 known, 1 refused
                new here: 1 Patient

                """)
    }

    @Test("Everything refused is a failure; a mixture is none")
    func refused() {
        var report = Self.report
        #expect(!report.refusedEverything)
        report.files = report.files.filter { $0.verdict == .refused }
        #expect(report.refusedEverything)
        #expect(!ImportReport().refusedEverything)
    }
}
