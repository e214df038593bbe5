import Kith
import KithTestSupport
import Storage
import Testing

extension ReferralGame {
    private struct Row {
        let id: Referral.ID
        let state: ReferralState
        let queue: Referral.Queue?
        let owner: String?
        let due: Instant?
        let mergedInto: Referral.ID?
        let hasSender: Bool
        let person: Person.ID
    }

    private struct Step {
        let row: Int
        let move: String
        let state: ReferralState
        let reason: String?
    }

    /// What has to be true of all referrals after every step.
    func check(_ place: String) async throws {
        // Notes and forgotten appointments are for other tests: nobody here writes or tidies up.
        for feature in [Consent.feature, Referral.feature, Match.feature, Conversation.feature] {
            #expect(try await village.orphans(of: feature) == [:], "\(place)")
        }
        let (rows, steps) = (try await rows(), try await steps())
        let (keepers, held) = (try await keepers(), try await held())
        for row in rows {
            let own = steps[row.id] ?? []
            try checkSteps(own, of: row, place)
            if row.state.isTerminal {
                #expect(row.queue == nil, "\(place)")
            } else {
                #expect(row.queue != nil && row.due != nil, "\(place)")
                #expect(row.owner.map(keepers.contains) == true, "\(place): the owner has left")
                #expect((row.queue == .intake) == (row.state == .received), "\(place)")
                #expect((row.queue == .cancellation) == (row.state == .cancellationRequested), "\(place)")
            }
            #expect(row.mergedInto == joined[row.id], "\(place)")
        }
        try await checkNotices(rows, steps, held, place)
    }

    /// Each step begins where the one before ended, by a row of the table, and the last is where it stands.
    private func checkSteps(_ steps: [Step], of row: Row, _ place: String) throws {
        var state = ReferralState.draft
        for step in steps {
            let isInTable = ReferralState.transitions.contains {
                $0.row == step.row && $0.from == state && $0.move.rawValue == step.move && $0.to == step.state
            }
            #expect(isInTable, "\(place): \(step.move) from \(state)")
            state = step.state
        }
        #expect(state == row.state, "\(place): the steps end elsewhere than the referral")
    }

    /// What there is to tell follows from the steps, the contacts and who asked to stop, in a model of its own; what is
    /// told is exactly that, once, and recorded once.
    private func checkNotices(
        _ rows: [Row], _ steps: [Referral.ID: [Step]], _ held: Set<String>, _ place: String
    ) async throws {
        var own: [Referral.ID: Set<String>] = [:]
        for row in rows { own[row.id] = changes(of: row.id, steps[row.id] ?? [], isHeld: held.contains(row.id.text)) }
        var expected: Set<String> = []
        for row in rows {
            var all = own[row.id] ?? []
            if let into = joined[row.id] {
                for change in own[into] ?? [] where change != "received" && change != "merged" {
                    all.insert(change == "cancelled" ? "closed" : change)
                }
            }
            expected.formUnion(all.map { "\(row.id) \($0)" })
        }
        let told = try await village.platform.store.read { reader in
            try reader.values("SELECT referral_id || ' ' || change FROM referral_notice", as: String.self)
        }
        #expect(Set(told).symmetricDifference(expected).isEmpty, "\(place)")
        #expect(Set(told).count == told.count, "\(place)")
        let senders = Set(rows.filter(\.hasSender).map(\.id.text))
        let toSenders = told.filter { senders.contains(String($0.prefix(36))) }
        let recorded = try await village.platform.store.read { reader in
            try reader.value("SELECT count(*) FROM event WHERE kind = 'referral.told'", as: Int.self) ?? 0
        }
        #expect(recorded == toSenders.count, "\(place): told and recorded differ")
        try await checkReleased(rows, told, place)
    }

    private func changes(of id: Referral.ID, _ steps: [Step], isHeld: Bool) -> Set<String> {
        var changes: Set<String> = ["received"]
        if isHeld { changes.insert("first-contact") }
        for step in steps {
            switch step.move {
            case "accept": changes.insert("accepted")
            case "decline" where step.reason == Referral.duplicate: changes.insert("merged")
            case "decline": changes.insert(isHeld ? "closed" : "declined")
            case "outcome":
                changes.insert("closed")
                if steps.contains(where: { $0.move == "request-cancellation" }), senderAsked.contains(id) {
                    changes.insert("cancelled")
                }
            case "confirm-cancellation": changes.insert(senderAsked.contains(id) ? "cancelled" : "closed")
            default: break
            }
        }
        if lateStops.contains(id) { changes.insert("cancelled") }
        return changes
    }

    /// First contact and end show exactly while the person of the one that goes on releases them.
    private func checkReleased(_ rows: [Row], _ told: [String], _ place: String) async throws {
        let people = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.person) })
        let ids = rows.map(\.id)
        let (shown, releasing) = try await village.read(as: village.ana) { db in
            let all = try ids.map { try Referral.load($0, of: db.organization, in: db) }
            let releasing = try db.values(
                "SELECT person_id FROM consent WHERE purpose = 'share-status' AND granted AND ended_at IS NULL",
                as: Person.ID.self)
            return (try Referral.told(of: all, in: db), Set(releasing))
        }
        for row in rows {
            let isReleased = releasing.contains(people[joined[row.id] ?? row.id] ?? row.person)
            let all = told.filter { $0.hasPrefix(row.id.text) }.map { String($0.dropFirst(37)) }
            let may = all.filter { isReleased || ($0 != "first-contact" && $0 != "closed") }
            #expect(Set((shown[row.id] ?? []).map(\.change.rawValue)) == Set(may), "\(place)")
        }
    }

    private func rows() async throws -> [Row] {
        try await village.platform.store.read { reader in
            try reader.all("SELECT * FROM referral ORDER BY id") { row in
                let (partner, referrer): (String?, String?) = (try row["partner_id"], try row["referrer_id"])
                return Row(
                    id: try row["id"], state: try row["state"], queue: try row["queue"], owner: try row["owner_id"],
                    due: try row["due_at"], mergedInto: try row["merged_into_id"],
                    hasSender: partner != nil || referrer != nil, person: try row["person_id"])
            }
        }
    }

    private func steps() async throws -> [Referral.ID: [Step]] {
        let all = try await village.platform.store.read { reader in
            try reader.all("SELECT * FROM referral_step ORDER BY referral_id, number") { row in
                (
                    id: try row["referral_id"] as Referral.ID,
                    step: Step(
                        row: try row["row_number"], move: try row["move"], state: try row["state"],
                        reason: try row["reason"])
                )
            }
        }
        return Dictionary(grouping: all, by: \.id).mapValues { $0.map(\.step) }
    }

    /// Whoever may own a referral of the program at this moment.
    private func keepers() async throws -> Set<String> {
        let program = village.riverside.program
        let all = try await village.platform.store.read { reader in
            try reader.values(
                """
                SELECT person_id FROM membership WHERE program_id = \(program) AND ended_at IS NULL
                AND role IN ('coordinator', 'administrator')
                """, as: String.self)
        }
        return Set(all)
    }

    private func held() async throws -> Set<String> {
        let all = try await village.platform.store.read { reader in
            try reader.values("SELECT DISTINCT referral_id FROM encounter WHERE status = 'done'", as: String.self)
        }
        return Set(all)
    }
}
