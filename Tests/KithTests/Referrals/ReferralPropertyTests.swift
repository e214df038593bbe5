import Kith
import KithTestSupport
import Storage
import Synchronization
import Testing

/// A crash between two statements, as a test stages it.
private struct Crash: Error {}

@Suite("No referral is ever lost")
struct ReferralPropertyTests {
    /// Everything anybody can do to a referral, tried in any order, most of it at the wrong moment.
    private enum Act: CaseIterable {
        case accept, decline, requestCancellation, confirmCancellation, close, schedule, noShow, cancelEvent, note
        case consent, refuse, merge, reopen, hand, tryContact
    }

    @Test("In any order of acts, with double deliveries and crashes between any two statements",
        arguments: TestEngine.available, [UInt64(7), 2_026, 99_991])
    func anyOrder(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            var random = SeededGenerator(seed: seed)
            var referrals: [Referral.ID] = []
            for _ in 0..<4 { referrals.append(try await refer(village)) }
            for step in 0..<120 {
                village.clock.advance(minutes: Int.random(in: 1...600, using: &random))
                guard let id = referrals.randomElement(using: &random), let act = Act.allCases.randomElement(using: &random)
                else { continue }
                let crashAt = Bool.random(using: &random) ? Int.random(in: 1...14, using: &random) : nil
                let deliveries = Int.random(in: 1...2, using: &random)
                for _ in 0..<deliveries {
                    if let new = try await perform(act, on: id, crashAt: crashAt, in: village) { referrals.append(new) }
                }
                try await check(village, "seed \(seed), step \(step), \(act)")
            }
        }
    }

    @Test("The check notices a referral that fell out of its queue", arguments: TestEngine.available)
    func plantedFault(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await refer(village)
            try await check(village, "before")
            // What the schema would never let happen is the only way to lose one: an owner who has left.
            let house = village.riverside
            try await village.write(asSystemOf: house) { db in
                try db.run("UPDATE membership SET ended_at = \(db.now) WHERE role IN ('coordinator', 'administrator')")
                db.record(Event(.roleEnded))
            }
            #expect(try await orphans(village).contains(id.text))
        }
    }

    @Test("The schema itself refuses an open referral without queue, owner or clock", arguments: TestEngine.available)
    func schema(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await refer(village)
            for column: SQL in ["queue = NULL", "owner_id = NULL", "due_at = NULL", "state = '7.0'"] {
                await #expect(throws: StoreError.self) {
                    try await village.write(asSystemOf: village.riverside) { db in
                        try db.run("UPDATE referral SET \(column) WHERE id = \(id)")
                        db.record(Event(.referralMoved))
                    }
                }
            }
        }
    }

    private func refer(_ village: Village) async throws -> Referral.ID {
        let (program, dana) = (village.riverside.program, village.dana.id)
        return try await village.write(as: village.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .new(PersonDraft(name: "Nora North")), origin: .referrer, referrer: dana,
                reason: "Caring for her mother")
            return try Referral.open(draft, of: db.organization, in: db).id
        }
    }

    /// Tries an act, perhaps with a crash. What is not allowed now is refused, and that is fine.
    private func perform(
        _ act: Act, on id: Referral.ID, crashAt: Int?, in village: Village
    ) async throws -> Referral.ID? {
        var platform = village.platform
        if let crashAt { platform.beforeStatement = { if $0 == crashAt { throw Crash() } } }
        let who = act == .requestCancellation ? village.dana : village.ana
        let other = try await refer(village, only: act == .merge)
        do {
            return try await platform.write(as: who.credential) { db -> Referral.ID? in
                let referral = try act == .requestCancellation ? Referral.findOwn(id, in: db) : Referral.find(id, in: db)
                switch act {
                case .accept: try referral.accept(in: db)
                case .decline: try referral.decline(for: "not-eligible", in: db)
                case .requestCancellation: try referral.requestCancellation(because: nil, in: db)
                case .confirmCancellation: try referral.confirmCancellation(in: db)
                case .close: try referral.close(as: "goals-met", word: "Thank you", in: db)
                case .schedule: try referral.move(.schedule, in: db)
                case .noShow: try referral.move(.noShow, in: db)
                case .cancelEvent: try referral.move(.cancelEvent, in: db)
                // Nobody is matched here, so nobody is in support: the tests of matches do that.
                case .note: try referral.move(.interimNote, in: db).tell(.firstContact, in: db)
                case .consent:
                    db.record(Event(.consentGiven, about: referral.person, in: referral.program, ["purpose": "take-part"]))
                case .refuse:
                    db.record(Event(.consentWithdrawn, about: referral.person, in: referral.program, ["purpose": "take-part"]))
                case .merge:
                    if let other { try referral.merge(into: Referral.find(other, in: db), because: "twice", in: db) }
                case .reopen: return try referral.reopen(because: "came back", in: db).id
                case .hand: try referral.hand(to: who.id, in: db)
                case .tryContact: try referral.tryContact(by: .phone, outcome: "no-answer", in: db)
                }
                return nil
            }
        } catch is Crash {
            return nil
        } catch is Problem {
            return nil
        }
    }

    private func refer(_ village: Village, only wanted: Bool) async throws -> Referral.ID? {
        wanted ? try await refer(village) : nil
    }

    private func orphans(_ village: Village) async throws -> [String] {
        let now = village.clock.now
        var found: [String] = []
        for check in village.platform.features.flatMap(\.orphans) {
            found += try await village.platform.store.read { try $0.values(check.query(now)) }
        }
        return found
    }

    /// What has to be true of all referrals after every step.
    private func check(_ village: Village, _ place: String) async throws {
        #expect(try await orphans(village).isEmpty, "\(place)")
        let steps = try await village.platform.store.read { reader in
            try reader.all("SELECT referral_id, number, row_number, move, state FROM referral_step ORDER BY referral_id, number") {
                (id: try $0["referral_id"] as String, row: try $0["row_number"] as Int, move: try $0["move"] as String,
                    state: try $0["state"] as ReferralState)
            }
        }
        var states: [String: ReferralState] = [:]
        for step in steps {
            let from = states[step.id] ?? .draft
            #expect(ReferralState.transitions.contains {
                $0.row == step.row && $0.from == from && $0.move.rawValue == step.move && $0.to == step.state
            }, "\(place): \(step.move) from \(from) is not in the table")
            states[step.id] = step.state
        }
        let rows = try await village.platform.store.read { reader in
            try reader.all("SELECT id, state, queue FROM referral") {
                (id: try $0["id"] as String, state: try $0["state"] as ReferralState, queue: try $0["queue"] as String?)
            }
        }
        for row in rows {
            #expect(states[row.id] == row.state, "\(place): the steps end elsewhere than the referral")
            #expect((row.queue == nil) == row.state.isTerminal, "\(place)")
        }
        let told = try await village.platform.store.read { reader in
            try reader.all("SELECT referral_id, change FROM referral_notice") { "\(try $0["referral_id"] as String) \(try $0["change"] as String)" }
        }
        #expect(Set(told).count == told.count, "\(place): told twice")
        let events = try await village.platform.store.read { reader in
            try reader.value("SELECT count(*) FROM event WHERE kind = 'referral.told'", as: Int.self) ?? 0
        }
        #expect(events == told.count, "\(place): told and recorded differ")
    }
}
