import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A referral's end")
struct ReferralEndingTests {
    private enum Ending: String, CaseIterable {
        case closing, declination, cancellation

        var form: [String: String] {
            switch self {
            case .closing: ["outcome": "moved-on"]
            case .declination: ["reason": "could-not-reach"]
            case .cancellation: [:]
            }
        }
    }

    /// What a coordinator can do about each open state, written out by hand.
    private static let endings: [(state: ReferralState, by: [Ending])] = [
        (.received, [.declination]), (.accepted, [.closing, .declination]), (.inProgress, [.declination]),
        (.scheduled, [.closing, .declination]), (.unattended, [.closing, .declination]),
        (.eventCancelled, [.closing, .declination]), (.attended, [.closing, .declination]),
        (.cancellationRequested, [.closing, .cancellation])
    ]

    @Test("A coordinator can end every open state, and the page offers what works", arguments: TestEngine.available)
    func everyState(engine: TestEngine) async throws {
        #expect(Self.endings.map(\.state) == ReferralState.allCases.filter { !$0.isTerminal && $0 != .draft })
        try await withVillage(engine) { village in
            try await village.browsing { browser in
                for (state, endings) in Self.endings {
                    for ending in Ending.allCases {
                        let referral = try await village.referral(in: state)
                        try #require(referral.state == state)
                        let path = "/referrals/\(referral.id)"
                        let page = try await browser(village.ana).get(path).text
                        let mayEnd = endings.contains(ending)
                        #expect(page.contains("\(path)/\(ending)\"") == mayEnd, "\(state) \(ending)")
                        let answer = try await browser(village.ana).post("\(path)/\(ending)", ending.form)
                        #expect((answer.status == .seeOther) == mayEnd, "\(state) \(ending): \(answer.status)")
                        #expect(try await village.now(referral).isOpen != mayEnd, "\(state) \(ending)")
                    }
                }
            }
            #expect(try await village.orphans().isEmpty)
        }
    }

    @Test(
        "After the last visit was called off it can be closed, and its story says why", arguments: TestEngine.available)
    func calledOff(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            let visit = try await village.plan(pair)
            try await village.write(as: village.ben) { try Encounter.find(visit, in: $0).cancel(in: $0) }
            let referral = try await village.referral(of: pair)
            try #require(referral.state == .eventCancelled)
            try await village.ana(referral) { try $0.close(as: "moved-on", word: nil, in: $1) }
            #expect(try await village.now(referral).state == .completed)
            let rows = try await village.read(as: village.ana) { try referral.steps(in: $0).map(\.row) }
            #expect(rows.suffix(3) == [13, 21, 16])
            try await village.browsing { browser in
                let page = try await browser(village.ana).get("/referrals/\(referral.id)").text
                #expect(page.contains("A step on paper only. No contact was arranged."))
            }
        }
    }

    @Test(
        "Taking consent back with a visit planned leaves a referral that can be declined",
        arguments: TestEngine.available)
    func consentWithdrawn(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await village.pair()
            try await village.plan(pair)
            let (cleo, program) = (village.cleo, village.riverside.program)
            try await village.write(as: cleo) { try Consent.withdraw(.takePart, of: cleo.id, in: program, db: $0) }
            let referral = try await village.referral(of: pair)
            try #require(referral.state == .eventCancelled && referral.queue == .consent)
            try await village.ana(referral) { try $0.decline(for: "person-declined", in: $1) }
            #expect(try await village.now(referral).state == .rejected)
            #expect(try await village.told(referral) == [.received, .accepted, .declined])
        }
    }

    @Test("Reopening twice gives the one that goes on", arguments: TestEngine.available)
    func reopenTwice(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let referral = try await village.refer()
            try await village.ana(referral) { try $0.decline(for: "outside-area", in: $1) }
            let first = try await village.ana(referral) { try $0.reopen(because: "moved back", in: $1).id }
            let again = try await village.ana(referral) { try $0.reopen(because: "moved back", in: $1).id }
            #expect(first == again && first != referral.id)
        }
    }

    @Test("Who agreed before is not asked again", arguments: TestEngine.available)
    func consentStands(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            // The premise: without a yes the person is asked first.
            let stranger = try await village.refer()
            try await village.ana(stranger) { try $0.accept(in: $1) }
            #expect(try await village.now(stranger).queue == .consent)
            // A yes before anybody accepted.
            try await village.publishWords()
            let early = try await village.refer(.known(village.cleo.id))
            try await village.answer(.takePart, yes: true, as: village.cleo)
            try await village.ana(early) { try $0.accept(in: $1) }
            #expect(try await village.now(early).queue == .matching)
            // A second one while the first goes on.
            let second = try await village.refer(.known(village.cleo.id))
            try await village.ana(second) { try $0.accept(in: $1) }
            #expect(try await village.now(second).queue == .matching)
            // One that comes back.
            try await village.ana(early) { try $0.close(as: "moved-on", word: nil, in: $1) }
            let reopened = try await village.ana(early) { try $0.reopen(because: "came back", in: $1) }
            try await village.ana(reopened) { try $0.accept(in: $1) }
            #expect(try await village.now(reopened).queue == .matching)
        }
    }

    @Test("What was judged by one policy keeps it", arguments: TestEngine.available)
    func policy(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (old, program) = (try await village.refer(), village.riverside.program)
            let stricter = Policy(
                clockHours: ["intake": .init(routine: 2, urgent: 1), "consent": .init(routine: 2, urgent: 1)],
                declineReasons: ["no-room"], declineWords: ["no-room": "There is no room this year."])
            _ = try await village.write(asSystemOf: village.riverside) {
                try Program.publish(stricter, for: program, in: $0)
            }
            let new = try await village.refer("Nils North")
            #expect([old.policyVersion, new.policyVersion] == [1, 2])
            #expect(new.due == village.clock.now.adding(hours: 2))
            await #expect(throws: Problem.invalid("reason", "not-a-choice")) {
                try await village.ana(old) { try $0.decline(for: "no-room", in: $1) }
            }
            try await village.ana(old) { try $0.accept(in: $1) }
            #expect(try await village.now(old).due == village.clock.now.adding(hours: 48))
            await #expect(throws: Problem.invalid("reason", "not-a-choice")) {
                try await village.ana(new) { try $0.decline(for: "outside-area", in: $1) }
            }
            try await village.ana(new) { try $0.decline(for: "no-room", in: $1) }
            try await village.browsing { browser in
                let page = try await browser(village.dana).get("/referrals/sent/\(new.id)").text
                #expect(page.contains("There is no room this year."))
            }
        }
    }
}
