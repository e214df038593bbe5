import Kith
import KithTestSupport
import Testing

@Suite("What counts as sent, delivered and read")
struct ConversationRulesTests {
    @Test(
        "A mark moves over what was handed over, and over nothing that was left out",
        arguments: [
            (5, 1...7, 7), (5, 6...7, 7), (5, 7...9, 5), (5, 2...4, 5), (0, 1...1, 1), (0, 2...3, 0), (5, 5...5, 5)
        ])
    func marks(mark: Int, range: ClosedRange<Int>, expected: Int) {
        let before = Conversation.Marks(delivered: mark, read: mark)
        #expect(before.after(range, reading: true) == .init(delivered: expected, read: expected))
        #expect(before.after(range, reading: false) == .init(delivered: expected, read: mark))
    }

    @Test("Marks never move back, and never say that more was read than delivered")
    func onlyForward() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var marks = Conversation.Marks()
        for _ in 0..<10_000 {
            let lower = Int.random(in: max(1, marks.read - 5)...marks.delivered + 5, using: &random)
            let next = marks.after(lower...lower + .random(in: 0...6, using: &random), reading: .random(using: &random))
            #expect(next.delivered >= marks.delivered && next.read >= marks.read, "seed \(seed)")
            #expect(next.read <= next.delivered, "seed \(seed)")
            marks = next
        }
        #expect(marks.read > 0, "nothing ever moved, seed \(seed)")
    }

    @Test("A message is sent, then delivered, then read")
    func delivery() {
        let marks = Conversation.Marks(delivered: 4, read: 2)
        #expect((1...6).map(marks.delivery) == [.read, .read, .delivered, .delivered, .sent, .sent])
    }

    @Test("A message is 1 to 4,000 characters, without the space around it")
    func body() throws {
        #expect(try Message.body("  Hello,\n you \n") == "Hello,\n you")
        let longest = String(repeating: "é", count: 4_000)
        #expect(try Message.body(longest) == longest)
        #expect(throws: Problem.invalid("body", "too-long")) { try Message.body(longest + "!") }
        #expect(throws: Problem.invalid("body", "required")) { try Message.body(" \n\t ") }
        // One letter on the screen may be many characters.
        let stacked = "e" + String(repeating: "\u{0301}", count: 4_000)
        #expect(stacked.count == 1)
        #expect(throws: Problem.invalid("body", "too-long")) { try Message.body(stacked) }
    }
}
