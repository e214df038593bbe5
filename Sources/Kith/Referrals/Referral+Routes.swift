import Hummingbird
import Web

extension Referral {
    static let routes: [Route] = [
        .get("/board", .roles([.coordinator, .administrator]), board).asking("after", "late", "queue"),
        .get("/referrals/new", .roles([.referrer, .coordinator])) { visit in
            try await visit.show { try NewReferralScreen(in: $0) }
        },
        .post("/referrals", .roles([.referrer, .coordinator]), create).taking(
            "agreed", "cared-for", "language", "leave-message", "name", "once", "phone", "program", "reason", "urgent",
            "whom"),
        .get("/referrals/sent", .signedIn, sent).asking("after"),
        .get("/referrals/sent/{id}", .signedIn) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try SentReferralScreen(id, in: $0) }
        },
        .post("/referrals/sent/{id}/cancellation-request", .signedIn, requestCancellation).taking("reason"),
        .get("/referrals/{id}", .roles([.coordinator, .supervisor, .administrator])) { visit in
            let id = try visit.id(of: Referral.self)
            let translations = visit.platform.shelf.translations
            return try await visit.show { try ReferralScreen(id, in: translations, $0) }
        },
        .get("/referrals/{id}/call", .role(.coordinator)) { visit in
            let (id, isLarge) = (try visit.id(of: Referral.self), try visit.query.asksForLargeType)
            let translations = visit.platform.shelf.translations
            return try await visit.show { try CallScreen(id, in: translations, isLarge: isLarge, db: $0) }
        }.asking("type"),
        .post("/referrals/{id}/acceptance", .role(.coordinator)) { visit in
            try await act(visit) { referral, _, db in try referral.accept(in: db) }
        }.taking(),
        .post("/referrals/{id}/declination", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in try referral.decline(for: form["reason"] ?? "", in: db) }
        }.taking("reason"),
        .post("/referrals/{id}/contact-attempts", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in
                let channel = try form.read { $0.choice("channel", of: ContactChannel.Kind.self) }
                try referral.tryContact(by: channel, outcome: form["outcome"] ?? "", in: db)
            }
        }.taking("channel", "outcome"),
        .post("/referrals/{id}/closing", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in
                let (outcome, word) = try form.read { fields in
                    (
                        fields.value("outcome", code: "not-a-choice", standIn: "") {
                            outcomes.contains($0) ? $0 : nil
                        },
                        fields.text("word", max: 600, multiline: true)
                    )
                }
                try referral.close(as: outcome, word: word.isEmpty ? nil : word, in: db)
            }
        }.taking("outcome", "word"),
        .post("/referrals/{id}/cancellation", .role(.coordinator)) { visit in
            try await act(visit) { referral, _, db in try referral.confirmCancellation(in: db) }
        }.taking(),
        .post("/referrals/{id}/owner", .roles([.coordinator, .administrator]), hand).taking("owner"),
        .post("/referrals/{id}/check-in", .role(.coordinator), checkIn).taking("next"),
        .post("/referrals/{id}/reopening", .role(.coordinator), reopen).taking("reason"),
        .post("/referrals/{id}/merging", .role(.coordinator)) { visit in
            try await act(visit) { referral, form, db in
                let (other, reason) = try form.read { fields in
                    (
                        fields.value("other", code: "not-a-choice", standIn: ID("")) { ID(untrusted: $0) },
                        fields.text("reason", required: true, max: 200)
                    )
                }
                try referral.merge(into: find(other, in: db), because: reason, in: db)
            }
        }.taking("other", "reason")
    ]

    private static func board(_ visit: Visit) async throws -> Response {
        let query = try visit.query
        let queue = query["queue"].flatMap(Queue.init(rawValue:))
        let (isLate, after) = (query["late"] != nil, query["after"].flatMap(cursor))
        return try await visit.show { try BoardScreen(queue: queue, isLate: isLate, after: after, in: $0) }
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
        return try await visit.submit {
            let reason = try form.read { $0.text("reason", max: 600) }
            try await visit.write { db in
                try findOwn(id, in: db).requestCancellation(because: reason.isEmpty ? nil : reason, in: db)
            }
        } next: {
            "/referrals/sent/\(id)"
        } again: {
            try SentReferralScreen(id, typed: form, errors: $0, in: $1)
        }
    }

    private static func reopen(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let form = try await visit.form()
        return try await visit.submit {
            let reason = try form.read { $0.text("reason", required: true, max: 600) }
            return try await visit.write { try findToActOn(id, in: $0).reopen(because: reason, in: $0).id }
        } next: {
            "/referrals/\($0)"
        } again: {
            try ReferralScreen(id, again: ReferralScreen.Sent(.reopening, form, $0), $1)
        }
    }

    /// All is well: said from the board, which is shown again as it was, or from the referral's page.
    private static func checkIn(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let form = try await visit.form()
        try await visit.write { db in
            try findToActOn(id, in: db).checkIn(in: db)
        }
        return .seeOther(form["next"].flatMap(SitePath.init(untrusted:)) ?? "/referrals/\(id)")
    }

    /// One of the coordinator's actions: the referral is found through whoever asks, then the verb is its own. A form
    /// that needs another look comes back on the referral's page.
    private static func act(
        _ visit: Visit, _ verb: @escaping @Sendable (Referral, Form, Writing) throws -> Void
    ) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let form = try await visit.form()
        let act = visit.path.split(separator: "/").last.flatMap { ReferralScreen.Act(rawValue: String($0)) }
        return try await visit.submit {
            try await visit.write { db in
                try verb(findToActOn(id, in: db), form, db)
                // Closing the referral of a colleague seals it.
                return try isFound(id, in: db)
            }
        } next: { isThere in
            isThere ? "/referrals/\(id)" : "/board"
        } again: { errors, db in
            try ReferralScreen(
                id, again: act.map { ReferralScreen.Sent($0, form, errors) }, in: visit.platform.shelf.translations, db)
        }
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
        let form = try await visit.form()
        return try await visit.submit {
            let owner = try form.read { fields in
                fields.value("owner", code: "not-a-choice", standIn: Person.ID("")) { Person.ID(untrusted: $0) }
            }
            try await visit.write { db in
                let referral = try findOnBoard(id, in: db)
                let mayHand = [Role.coordinator, .administrator].contains { db.actor.has($0, in: referral.program) }
                guard mayHand else { throw Problem.notAllowed }
                try referral.hand(to: owner, in: db)
            }
        } next: {
            "/referrals/\(id)"
        } again: {
            try ReferralScreen(id, again: ReferralScreen.Sent(.owner, form, $0), $1)
        }
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
