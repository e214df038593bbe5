import Kith
import Testing

@Suite("The table of a referral's moves")
struct ReferralStateTests {
    /// BSeR 2.0.0-ballot "Harmonized State Transitions", written out once more by hand: row, from, to.
    static let table: [(Int, String, String)] = [
        (1, "1.0", "2.0"), (2, "2.0", "3.0"), (3, "2.0", "4.0"), (4, "2.0", "5.2"), (5, "3.0", "4.0"),
        (6, "3.0", "5.1.1"), (7, "3.0", "5.2"), (8, "3.0", "5.1.4"), (9, "3.0", "7.0"), (10, "5.1.1", "4.0"),
        (11, "5.1.1", "5.1.1"), (12, "5.1.1", "5.1.2"), (13, "5.1.1", "5.1.3"), (14, "5.1.1", "5.2"),
        (15, "5.1.1", "5.1.4"), (16, "5.1.1", "7.0"), (17, "5.1.2", "4.0"), (18, "5.1.2", "5.1.1"),
        (19, "5.1.2", "5.1.3"), (20, "5.1.2", "5.2"), (21, "5.1.3", "5.1.1"), (22, "5.1.3", "5.2"),
        (23, "5.2", "6.0"), (24, "5.2", "7.0"), (25, "5.1.4", "4.0"), (26, "5.1.4", "5.1.1"),
        (27, "5.1.4", "5.1.3"), (28, "5.1.4", "5.2"), (29, "5.1.4", "5.1.4"), (30, "5.1.4", "7.0"),
        (31, "3.0", "5.1"), (32, "3.0", "5.1"), (33, "5.1", "4.0"), (34, "5.1", "5.2")
    ]

    @Test("It has exactly the 34 rows of the standard")
    func rows() {
        let ours = ReferralState.transitions.map { ($0.row, $0.from.businessStatus, $0.to.businessStatus) }
        #expect(ours.count == 34)
        for row in Self.table {
            #expect(ours.contains { $0 == row }, "row \(row.0)")
        }
    }

    @Test("Every other move is refused, whoever tries", arguments: ReferralState.allCases)
    func others(state: ReferralState) {
        for move in ReferralMove.allCases {
            for side in [ReferralSide.initiator, .recipient] {
                let row = ReferralState.transitions.first { $0.from == state && $0.move == move }
                let result = Result { () throws(Problem) in try state.after(move, by: side) }
                if let row, move.side == side {
                    #expect((try? result.get()) == row)
                } else {
                    #expect(throws: Problem.self) { try result.get() }
                }
            }
        }
    }

    @Test("Nothing leaves an end")
    func ends() {
        for state in ReferralState.allCases where state.isTerminal {
            #expect(!ReferralState.transitions.contains { $0.from == state })
        }
    }

    @Test("A way to an end keeps to the table, and there is one from every open state")
    func paths() throws {
        for state in ReferralState.allCases {
            for move in ReferralMove.allCases {
                guard let path = state.path(to: move) else { continue }
                var here = state
                for step in path { here = try here.after(step, by: step.side).to }
                #expect(path.last == move)
            }
            let ends: [ReferralMove] = [.decline, .outcome, .confirmCancellation]
            let isOpen = !state.isTerminal && state != .draft
            #expect(ends.contains { state.path(to: $0) != nil } == isOpen, "\(state)")
        }
        #expect(ReferralState.eventCancelled.path(to: .outcome) == [.schedule, .outcome])
        #expect(ReferralState.unattended.path(to: .decline) == [.decline])
        #expect(ReferralState.received.path(to: .outcome) == nil)
        #expect(ReferralState.inProgress.path(to: .outcome) == nil)
    }
}
