import Foundation
import Screening
import Testing

@Suite("Contact details in texts")
struct ContactDetailsTests {
    private static func lines(_ name: String) throws -> [(label: String, text: String)] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Labelled/\(name)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
    }

    /// The figures that docs/worry-screening.md gives.
    @Test(
        "What is found, and how often it is wrong",
        arguments: [("contact-details.tsv", 56, 56, 0, 50), ("contact-details.later.tsv", 13, 17, 0, 15)])
    func figures(file: String, found: Int, of wanted: Int, alarms: Int, among plain: Int) throws {
        let lines = try Self.lines(file)
        let (with, without) = (lines.filter { $0.label != "none" }, lines.filter { $0.label == "none" })
        #expect(with.count == wanted && without.count == plain)
        #expect(with.filter { !ContactDetails(in: $0.text).isEmpty }.count == found)
        #expect(without.filter { !ContactDetails(in: $0.text).isEmpty }.map(\.text).count == alarms)
        for line in with where file == "contact-details.tsv" {
            #expect(ContactDetails(in: line.text).kinds.map(\.rawValue).contains(line.label), "\(line)")
        }
    }

    @Test("It says which kind")
    func kinds() {
        #expect(ContactDetails(in: "ana@example.org").kinds == [.mail])
        #expect(ContactDetails(in: "https://example.org").kinds == [.link])
        #expect(ContactDetails(in: "202 555 0142").kinds == [.phone])
        #expect(ContactDetails(in: "@moonchild").kinds == [.handle])
        #expect(ContactDetails(in: "").isEmpty)
    }

    @Test("The time it takes grows with the text and no faster")
    func time() {
        let pieces = ["5 ", "five ", "@ ", "at ", "insta ", "a.", "+-(", "٥ ", "\u{200F}5"]
        for piece in pieces {
            func seconds(_ count: Int) -> Double {
                let text = String(repeating: piece, count: count)
                let clock = ContinuousClock()
                let took = clock.measure { _ = ContactDetails(in: text) }
                return Double(took.components.attoseconds) / 1e18 + Double(took.components.seconds)
            }
            _ = seconds(500)
            #expect(seconds(40_000) < 200 * max(seconds(1_000), 0.000_5), "\(piece)")
        }
    }
}
