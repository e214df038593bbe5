import Storage
import Web

extension Match {
    static let routes: [Route] = [
        .get("/referrals/{id}/matching", .role(.coordinator)) { visit in
            let referral = try visit.id(of: Referral.self)
            return try await visit.show { try SuggestionsScreen(referral, in: $0) }
        },
        .post("/referrals/{id}/proposal", .role(.coordinator)) { visit in
            let referral = try visit.id(of: Referral.self)
            let supporter = try await visit.form().read { fields in
                fields.value("supporter", code: "not-a-choice", standIn: Person.ID("")) { Person.ID(untrusted: $0) }
            }
            let match = try await visit.write { db in
                try Match.propose(supporter, for: Referral.find(referral, in: db), in: db)
            }
            return .seeOther("/matches/\(match.id)")
        }.taking("supporter"),
        .post("/referrals/{id}/waiting", .role(.coordinator)) { visit in
            let referral = try visit.id(of: Referral.self)
            _ = try await visit.form()
            try await visit.write { db in
                let referral = try Referral.find(referral, in: db)
                try referral.queue == .waiting ? Match.goOnWaiting(referral, in: db) : Match.wait(referral, in: db)
            }
            return .seeOther("/referrals/\(referral)/matching")
        }.taking(),
        .get("/referrals/{id}/match", .roles([.coordinator, .supervisor])) { visit in
            let referral = try visit.id(of: Referral.self)
            let match = try await visit.read { try Match.forReferral(Referral.find(referral, in: $0), in: $0)?.id }
            return .seeOther(match.map { "/matches/\($0)" } ?? "/referrals/\(referral)")
        },
        .get("/matches/{id}", .signedIn) { visit in
            let match = try visit.id(of: Match.self)
            return try await visit.show { try MatchScreen(match, in: $0) }
        },
        .post("/matches/{id}/answer", .signedIn) { visit in
            let id = try visit.id(of: Match.self)
            let answer = try await visit.form().read { $0.choice("answer", of: Answer.self) }
            try await visit.write { db in
                let match = try Match.find(id, in: db)
                try match.answer(answer, for: match.side(of: db.actor.person) ?? .participant, in: db)
            }
            return .seeOther("/matches/\(id)")
        }.taking("answer"),
        .post("/matches/{id}/ending", .signedIn) { visit in
            let id = try visit.id(of: Match.self)
            let reason = try await visit.form().read { $0.choice("reason", of: EndReason.self) }
            guard reason == .asked || reason == .away else { throw Problem.invalid("reason", "not-a-choice") }
            try await visit.write { try Match.find(id, in: $0).end(for: reason, in: $0) }
            return .seeOther("/matches/\(id)")
        }.taking("reason")
    ]
}
