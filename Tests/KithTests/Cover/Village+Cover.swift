import Kith
import KithTestSupport
import Storage

extension Village {
    /// Somebody at Riverside who takes part, with an active match.
    func supported(
        by supporter: Person.ID, _ name: String, language: String = "en"
    ) async throws -> (person: Neighbor, match: Match) {
        let neighbor = try await participant(name)
        try await write(asSystemOf: riverside) { db in
            try db.run("UPDATE person SET language = \(language) WHERE id = \(neighbor.id)")
            db.record(Event(.personChanged, about: neighbor.id))
        }
        var wishes = Wishes.about("sleep", languages: ["en"])
        wishes.formats = [.messages]
        let referral = try await readyReferral(of: neighbor, wishes: wishes)
        return (neighbor, try await matched(supporter, to: referral))
    }

    func matched(_ supporter: Person.ID, to referral: Referral) async throws -> Match {
        let match = try await write(asSystemOf: riverside) { db in
            try Match.propose(supporter, for: Referral.load(referral.id, of: db.organization, in: db), in: db)
        }
        for side in Match.Side.allCases { try await answer(.yes, to: match, for: side) }
        return try await now(match)
    }

    func pause(_ neighbor: Neighbor, for days: Int? = nil) async throws {
        try await write(as: neighbor) { db in
            try Supporter.pause(returnsOn: days.map { db.now.countedDay.adding(days: $0) }, in: db)
        }
    }

    func cover(of match: Match) async throws -> Cover? {
        try await write(asSystemOf: riverside) { try Cover.open(for: match.id, of: $0.organization, in: $0) }
    }

    func choose(_ choice: Cover.Choice, for match: Match, as neighbor: Neighbor) async throws {
        guard let cover = try await cover(of: match) else { throw Problem.notFound }
        try await write(as: neighbor) { try Cover.find(cover.id, in: $0).choose(choice, in: $0) }
    }

    /// Ana asks somebody to stand in.
    func askToStandIn(_ supporter: Person.ID, for match: Match) async throws -> Match {
        guard let cover = try await cover(of: match) else { throw Problem.notFound }
        return try await write(as: ana) { try Cover.find(cover.id, in: $0).propose(supporter, in: $0) }
    }

    /// Somebody writes in the conversation of a match.
    func say(_ text: String, as neighbor: Neighbor, _ match: Match.ID) async throws {
        try await write(as: neighbor) { db in
            let talk = try db.value("SELECT id FROM conversation WHERE match_id = \(match)", as: Conversation.ID.self)
            guard let talk else { throw Problem.notFound }
            _ = try Message.send(text, as: db.newID(), to: talk, in: db)
        }
    }

    /// Somebody signs in and does nothing else.
    func look(in person: Person.ID) async throws {
        try await write(asSystemOf: riverside) { db in
            try db.run("UPDATE session SET seen_at = \(db.now) WHERE person_id = \(person)")
            db.record(Event(.signedIn, about: person))
        }
    }

    func told(_ neighbor: Neighbor) async throws -> [ToldCover] {
        try await read(as: neighbor) { try ToldCover.mine(in: $0) }
    }

    /// What the orphan checks of covers and matches find.
    func orphansOfCover() async throws -> [String: [String]] {
        try await orphans(of: Cover.feature).merging(orphans(of: Match.feature)) { $0 + $1 }
    }

    /// Ben pauses, and Bao has room to stand in.
    func covered(_ match: Match.ID) async throws -> Cover.ID {
        try await write(asSystemOf: riverside) { [bao] db in
            let known = try db.exists("SELECT 1 FROM supporter WHERE person_id = \(bao.id)")
            if !known { try Supporter.enroll(bao.id, Self.anyProfile, in: db) }
            db.record(Event(.supporterChanged, of: bao.id.text, about: bao.id))
        }
        try await pause(ben, for: 18)
        let cover = try await write(asSystemOf: riverside) { try Cover.open(for: match, of: $0.organization, in: $0) }
        guard let cover else { throw Problem.notFound }
        return cover.id
    }
}
