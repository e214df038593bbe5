import Kith
import Testing

@Suite("The rules of contacts and notes")
struct EncounterRuleTests {
    /// Where a referral can stand while two people work together.
    private static let contactStates: [ReferralState] = [
        .accepted, .scheduled, .unattended, .eventCancelled, .attended
    ]

    @Test("The referral follows every happening by rows of its table", arguments: contactStates)
    func follows(state: ReferralState) throws {
        let ends: [Encounter.Happening: ReferralState] = [
            .planned: .scheduled, .noAnswer: .unattended, .done: .attended
        ]
        for happening in Encounter.Happening.allCases {
            var reached = state
            for move in Encounter.moves(for: happening, from: state) {
                reached = try reached.after(move, by: .recipient).to
            }
            if let end = ends[happening] {
                #expect(reached == end, "\(happening) from \(state)")
            } else {
                #expect([.eventCancelled, state].contains(reached), "called off from \(state)")
            }
        }
    }

    @Test("A plan that stands is planned anew, not twice")
    func rescheduling() {
        #expect(Encounter.moves(for: .planned, from: .scheduled) == [.reschedule])
        #expect(Encounter.moves(for: .planned, from: .attended) == [.schedule])
        #expect(Encounter.moves(for: .done, from: .unattended) == [.schedule, .interimNote])
    }

    @Test("Nothing moves while the sender asks to stop", arguments: Encounter.Happening.allCases)
    func cancelling(happening: Encounter.Happening) {
        #expect(Encounter.moves(for: happening, from: .cancellationRequested).isEmpty)
        #expect(Encounter.moves(for: happening, from: .inProgress).isEmpty)
    }

    @Test("Before a referral is taken on and after it ended, contacts are refused by its table")
    func outside() {
        for state in [ReferralState.received, .rejected, .cancelled, .completed] {
            for happening in [Encounter.Happening.planned, .noAnswer, .done] {
                #expect(throws: Problem.self) {
                    for move in Encounter.moves(for: happening, from: state) {
                        _ = try state.after(move, by: .recipient)
                    }
                }
            }
            #expect(Encounter.moves(for: .cancelled, from: state).isEmpty, "calling off is always possible")
        }
    }

    private static let now = Instant(milliseconds: 1_800_000_000_000)

    @Test(
        "A plan lies ahead, within a year, and says where",
        arguments: [
            (Format.phone, 24, nil, [:]), (.phone, 0, nil, ["date": "in-the-past"]),
            (.phone, -1, nil, ["date": "in-the-past"]), (.phone, 24 * 367, nil, ["date": "too-far-ahead"]),
            (.inPerson, 24, "Library", [:]), (.inPerson, 24, "  ", ["place": "required"]),
            (.video, 24, nil, ["place": "required"]), (.video, 24, "https://meet.example/a", [:]),
            (.video, 24, "http://meet.example/a", ["place": "not-a-link"]),
            (.video, 24, "javascript:alert(1)", ["place": "not-a-link"]),
            (.video, 24, "https://meet.example/\"onclick=", ["place": "not-a-link"]),
            (.video, 24, "https://", ["place": "not-a-link"]), (.messages, 24, nil, ["mode": "not-a-choice"])
        ] as [(Format, Int, String?, [String: String])])
    func plans(mode: Format, hours: Int, place: String?, errors: [String: String]) {
        let plan = Encounter.Plan(mode: mode, startsAt: Self.now.adding(hours: hours), place: place)
        #expect(plan.errors(at: Self.now) == errors)
    }

    @Test("What took place has a length and at least one of the four functions")
    func held() {
        func errors(_ minutes: Int, _ functions: Set<Encounter.Function>) -> [String: String] {
            Encounter.Held(mode: .phone, minutes: minutes, functions: functions).errors
        }
        #expect(errors(20, [.linkageToCare]).isEmpty)
        #expect(errors(1_440, Set(Encounter.Function.allCases)).isEmpty)
        #expect(errors(0, []) == ["minutes": "not-in-a-day", "functions": "one-function"])
        #expect(errors(1_441, [.linkageToCare]) == ["minutes": "not-in-a-day"])
    }

    @Test("A signed note allows additions and nothing else")
    func signed() {
        for step in Note.Step.allCases {
            #expect(Note.allows(step, in: .signed) == (step == .add))
        }
    }

    @Test("Nothing is signed that nobody was asked about")
    func unanswered() {
        for state in [nil, Note.State.draft, .offered] {
            #expect(!Note.allows(.sign, in: state))
        }
        #expect(Note.allows(.sign, in: .answered))
        // Whatever is answered goes back to the person when it changes.
        #expect(Note.allows(.write, in: .answered))
        #expect(!Note.allows(.answer, in: .draft))
    }
}
