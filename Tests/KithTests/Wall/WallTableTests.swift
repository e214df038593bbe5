import Foundation
import Kith
import KithTestSupport
import Testing
import Web

@Suite("The rules of the wall as a table")
struct WallTableTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("A rule's agreement is spelled like the purpose that people answer")
    func agreements() {
        for agreement in Wall.Agreement.allCases {
            #expect(Consent.Purpose(rawValue: agreement.rawValue) != nil)
        }
    }

    @Test("Each kind of thing, ground and refusal has its sentence")
    func sentences() throws {
        let strings = try Shelf.load().translations["en"]
        let keys =
            Item.allCases.flatMap { ["wall.item.\($0.rawValue)", "wall.about.\($0.rawValue)"] }
            + Ground.allCases.map { "wall.ground.\($0.rawValue)" }
            + Wall.Agreement.allCases.map { "wall.agreement.\($0.rawValue)" }
            + Circumstances.Refusal.allCases.map { "wall.refusal.\($0.rawValue)" }
        for key in keys { #expect(strings(key) != key, "no words for \(key)") }
    }

    @Test("No rule stands twice, and everything has somebody who may see it")
    func table() {
        #expect(Set(Wall.rules).count == Wall.rules.count)
        for item in Item.allCases { #expect(!Wall.grounds(for: item).isEmpty, "\(item)") }
        // What is still being written, and what somebody raised about them, people do not read of themselves.
        for item in Item.allCases where item.isTheirs && item != .draft {
            #expect(Wall.grounds(for: item).contains(.own), "\(item)")
        }
    }

    @Test("Only the wall and what is no person's record ask for a role's programs themselves")
    func reach() throws {
        let known: Set = [
            "Base/Reading.swift", "Wall/Wall+Reach.swift",
            // Staff, by those who run the program or stand behind them.
            "People/People.swift", "People/StaffMemberScreen.swift", "Home/TeamScreen.swift",
            "Home/TeamMemberScreen.swift",
            // The queue of those who say whether a record was opened for a good reason.
            "Wall/Opening+Queries.swift",
            // Messages that could not be sent, which name nobody.
            "Outbox/OutboxScreen.swift",
            // Who is called, and that a call failed: of a concern it tells nothing.
            "Concerns/Ladder+Queries.swift", "Concerns/Concern+Queries.swift",
            // Topics.
            "Supporters/Profile+Pages.swift"
        ]
        let folder = Self.root.appendingPathComponent("Sources/Kith")
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        #expect(files.count > 100, "the test sees files")
        for file in files where file.hasSuffix(".swift") && !known.contains(file) {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            #expect(
                !text.contains(/\breach\(\.(?:coordinator|supervisor|supporter|referrer|administrator)\b/), "\(file)")
        }
    }

    /// `KITH_WRITE_DOCS=1 swift test --filter WallTableTests` writes it.
    @Test("docs/who-sees-what.md says what the rules say")
    func page() throws {
        let strings = try Shelf.load().translations["en"]
        let grounds = Ground.allCases
        func cell(_ item: Item, _ ground: Ground) -> String {
            guard let rule = Wall.rules.first(where: { $0.item == item && $0.ground == ground }) else { return "" }
            return rule.agreement != nil
                ? "with a yes" : rule.byChoice ? "by choice" : rule.whileOpen ? "while open" : "yes"
        }
        var lines = [
            "# Who sees what", "",
            "Made from the rules in [Wall.swift](../Sources/Kith/Wall/Wall.swift) by a test, which also holds this page to",
            "them: `KITH_WRITE_DOCS=1 swift test --filter WallTableTests` writes it anew. Where a cell is empty, nobody sees",
            "it on that ground, and there is no other way. What people read themselves stands at `/privacy`.", "",
            "| | \(grounds.map(\.rawValue).joined(separator: " | ")) |",
            "|---|\(grounds.map { _ in "---" }.joined(separator: "|"))|"
        ]
        lines += Item.allCases.map { item in
            "| \(strings("wall.item.\(item.rawValue)")) | \(grounds.map { cell(item, $0) }.joined(separator: " | ")) |"
        }
        lines += [
            "", "“With a yes” is a yes to `share-status` that stands; “while open” is while the two are proposed",
            "to each other or in touch; “by choice” is while they are in touch, and only whom the person chose.", "",
            "| ground | in the words people read |", "|---|---|"
        ]
        lines += grounds.map { "| \($0.rawValue) | \(strings("wall.ground.\($0.rawValue)")) |" }
        lines += [
            "",
            "The record of somebody who works here now, and whose support in the program is over, is *sealed*: no coordinator",
            "and no supervisor of theirs finds it, nor who stands in."
        ]
        let text = lines.joined(separator: "\n") + "\n"
        let file = Self.root.appendingPathComponent("docs/who-sees-what.md")
        if ProcessInfo.processInfo.environment["KITH_WRITE_DOCS"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "the page is not what the rules say")
    }
}
