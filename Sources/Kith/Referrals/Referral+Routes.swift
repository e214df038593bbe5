import Hummingbird
import Web

extension Referral {
    static let routes: [Route] = [
        .get("/board", .roles([.coordinator, .administrator]), board),
        .get("/referrals/new", .roles([.referrer, .coordinator])) { visit in
            try await visit.show { try NewReferralScreen(in: $0) }
        },
        .post("/referrals", .roles([.referrer, .coordinator]), create),
        .get("/referrals/sent", .signedIn, sent),
        .get("/referrals/sent/{id}", .signedIn) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try SentReferralScreen(id, in: $0) }
        },
        .post("/referrals/sent/{id}/cancellation-request", .signedIn, requestCancellation),
        .get("/referrals/{id}", .roles([.coordinator, .supervisor, .administrator])) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try ReferralScreen(id, in: $0) }
        },
        .post("/referrals/{id}/acceptance", .role(.coordinator)) { visit in
            try await act(visit) { referral, _, db in try referral.accept(in: db) }
        },
        .post("/referrals/{id}/declination", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in try referral.decline(for: form["reason"] ?? "", in: db) }
        },
        .post("/referrals/{id}/contact-attempts", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in
                guard let channel = ContactChannel.Kind(rawValue: form["channel"] ?? "") else {
                    throw Problem.invalid("channel", "not-a-choice")
                }
                try referral.tryContact(by: channel, outcome: form["outcome"] ?? "", in: db)
            }
        },
        .post("/referrals/{id}/closing", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in
                let word = (form["word"] ?? "").trimmed
                guard word.count <= 600 else { throw Problem.invalid("word", "too-long") }
                try referral.close(as: form["outcome"] ?? "", word: word.isEmpty ? nil : word, in: db)
            }
        },
        .post("/referrals/{id}/cancellation", .role(.coordinator)) { visit in
            try await act(visit) { referral, _, db in try referral.confirmCancellation(in: db) }
        },
        .post("/referrals/{id}/owner", .roles([.coordinator, .administrator]), hand),
        .post("/referrals/{id}/reopening", .role(.coordinator), reopen),
        .post("/referrals/{id}/merging", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in
                guard let other = ID(untrusted: form["other"] ?? "") else { throw Problem.invalid("other", "required") }
                try referral.merge(
                    into: find(other, in: db), because: String((form["reason"] ?? "").prefix(200)), in: db)
            }
        }
    ]

    private static func board(_ visit: Visit) async throws -> Response {
        let query = try visit.query
        let queue = query["queue"].flatMap(Queue.init(rawValue:))
        let after = query["after"].flatMap(cursor)
        return try await visit.show { try BoardScreen(queue: queue, after: after, in: $0) }
    }

    private static func sent(_ visit: Visit) async throws -> Response {
        let after = try visit.query["after"].flatMap(cursor)
        return try await visit.show { try SentScreen(after: after.map { ($0.due, $0.id) }, in: $0) }
    }

    private static func create(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        return try await visit.submit {
            try await visit.write { db in
                var draft = try NewReferralScreen.draft(form, by: db.me)
                draft.formKey = try form.key(by: db.me.text)
                guard db.actor.has(.referrer, in: draft.program) || db.actor.has(.coordinator, in: draft.program) else {
                    throw Problem.invalid("program", "not-a-choice")
                }
                return try open(draft, of: db.organization, in: db).id
            }
        } next: {
            "/referrals/sent/\($0)"
        } again: {
            try NewReferralScreen(form, $0, in: $1)
        }
    }

    private static func requestCancellation(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let form = try await visit.form()
        let reason = (form["reason"] ?? "").trimmed
        try await visit.write { db in
            try findOwn(id, in: db).requestCancellation(
                because: reason.isEmpty ? nil : String(reason.prefix(600)), in: db)
        }
        return .seeOther("/referrals/sent/\(id)")
    }

    private static func reopen(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let reason = (try await visit.form()["reason"] ?? "").trimmed
        guard !reason.isEmpty else { throw Problem.invalid("reason", "required") }
        let reopened = try await visit.write { db in
            try findToActOn(id, in: db).reopen(because: String(reason.prefix(600)), in: db).id
        }
        return .seeOther("/referrals/\(reopened)")
    }

    /// One of the coordinator's actions: the referral is found through whoever asks, then the verb is its own.
    private static func act(
        _ visit: Visit, _ verb: @escaping @Sendable (Referral, Form, Writing) throws -> Void
    ) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let form = try await visit.form()
        try await visit.write { db in
            try verb(findToActOn(id, in: db), form, db)
        }
        return .seeOther("/referrals/\(id)")
    }

    /// Supervisors read; only coordinators of this very program act.
    private static func findToActOn(_ id: ID, in db: Reading) throws -> Referral {
        let referral = try find(id, in: db)
        guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notAllowed }
        return referral
    }

    /// For whoever takes care of the program, also while nobody coordinates it.
    private static func hand(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let owner = Person.ID(untrusted: try await visit.form()["owner"] ?? "")
        try await visit.write { db in
            let referral = try findOnBoard(id, in: db)
            let mayHand = [Role.coordinator, .administrator].contains { db.actor.has($0, in: referral.program) }
            guard mayHand else { throw Problem.notAllowed }
            guard let owner else { throw Problem.invalid("owner", "not-a-choice") }
            try referral.hand(to: owner, in: db)
        }
        return .seeOther("/referrals/\(id)")
    }

    /// A place in a list: a moment and an identifier.
    private static func cursor(_ text: String) -> (due: Instant, id: ID)? {
        let parts = text.split(separator: "_")
        guard parts.count == 2, let due = Instant(String(parts[0])), let id = ID(untrusted: String(parts[1])) else {
            return nil
        }
        return (due, id)
    }
}
