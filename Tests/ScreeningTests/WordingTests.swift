import Testing

@testable import Screening

@Suite("Wording of notes")
struct WordingTests {
    @Test("Every example of the files is read as it says")
    func examples() throws {
        let book = try WordingBook.bundled()
        #expect(book.examples.count > 50)
        for example in book.examples {
            let kinds = book.findings(in: example.text).map(\.kind)
            if let kind = example.kind {
                #expect(kinds.contains(kind), "\(example.text): \(kinds)")
            } else {
                #expect(kinds == [], "\(example.text)")
            }
        }
        for kind in Wording.Kind.allCases {
            #expect(book.examples.contains { $0.kind == kind }, "\(kind) has no example")
        }
    }

    @Test("Each stretch is found once, in order, and where it stands")
    func places() throws {
        let text = "I told her to rest. “He should go”, she said. She’s an addict, and SHE  SHOULD stop 🙂."
        let found = try WordingBook.bundled().findings(in: text)
        #expect(found.map { String(text[$0.range]) } == ["I told her to", "addict", "SHE  SHOULD"])
        #expect(found.map(\.kind) == [.advice, .label, .advice])
        #expect(try WordingBook.bundled().findings(in: "") == [])
    }

    @Test("A mistake in a file is said, with its place")
    func faults() {
        func fault(_ text: String) -> RuleFault? {
            do throws(RuleFault) {
                _ = try WordingBook([("xx.txt", text)])
                return nil
            } catch { return error }
        }
        #expect(fault("advise\n  you should")?.description == "wording/xx.txt:1: begins no block: advise")
        #expect(fault("  you should")?.line == 1)
        #expect(fault("advice\n  (you|he should")?.line == 2)
        #expect(fault("advice\n  you should") == nil)
    }
}
