import Kith
import KithTestSupport
import Storage
import Synchronization
import Testing

@Suite("No referral is ever lost")
struct ReferralPropertyTests {
    @Test(
        "In any order of acts, with double deliveries and a crash before every single statement",
        arguments: TestEngine.available, [UInt64(7), 2_026])
    func anyOrder(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            var game = try await ReferralGame(in: village, seed: seed)
            var never = ReferralGame.Deed.allCases
            for step in 0..<400 where step < 120 || !never.isEmpty {
                village.clock.advance(minutes: Int.random(in: 1...600, using: &game.random))
                // What has not come about by chance is looked for, between what makes it possible.
                let wanted = step >= 120 && step % 2 == 0 ? never.randomElement(using: &game.random) : nil
                let act =
                    switch wanted {
                    case .hold?, .miss?, .callOff?: try await game.actTowardContact(wanted ?? .hold)
                    case let deed?: try await game.act(among: [deed])
                    case nil: try await game.act()
                    }
                let place = "\(engine), seed \(seed), step \(step), \(act)"
                try await game.perform(act, isCrashing: step < 120 && step % 4 == 0, place)
                try await game.check(place)
                never.removeAll { game.succeeded.contains($0) }
            }
            #expect(never.isEmpty, "\(engine), seed \(seed): never succeeded")
            try await game.endEverything()
            try await game.check("\(engine), seed \(seed), at the end")
            #expect(game.crashCount > 150, "\(engine), seed \(seed)")
        }
    }

    @Test("The check notices a referral that fell out of its queue", arguments: TestEngine.available)
    func plantedFault(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.refer().id
            #expect(try await village.orphans().isEmpty)
            // What the schema would never let happen is the only way to lose one: an owner who has left.
            let house = village.riverside
            try await village.write(asSystemOf: house) { db in
                try db.run("UPDATE membership SET ended_at = \(db.now) WHERE role IN ('coordinator', 'administrator')")
                db.record(Event(.roleEnded))
            }
            let found = try await village.orphans(of: Referral.feature)
            #expect(found.values.contains([id.text]))
        }
    }

    @Test("The schema itself refuses an open referral without queue, owner or clock", arguments: TestEngine.available)
    func schema(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.refer().id
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
}
