import HTTPTypes
import Kith
import KithTestSupport
import Storage

/// The village with a gateway in both directions.
struct TextTown: Sendable {
    static let secret = "a secret of the gateway"
    static let desk = TextDesk(
        form: .json, fields: .init(number: "from", text: "text", id: "id"), proof: .bearer(secret),
        organization: "riverside")

    var village: Village
    let postbox = Postbox()

    init(_ village: Village, desk: TextDesk = Self.desk) {
        var village = village.carrying()
        village.platform = village.platform.receiving(texts: desk)
        self.village = village
    }

    /// Somebody sends a text message; the gateway delivers it.
    func text(_ words: String, from number: String, id: String? = nil) async throws {
        let id = id ?? village.platform.world.newIdentifier()
        try await village.platform.take(IncomingText(from: number, words, id: id))
    }

    /// What has left so far.
    func letters(after seconds: Int = 1) async -> [Letter] {
        village.clock.advance(seconds: seconds)
        await village.workOff(into: postbox)
        return postbox.letters
    }

    /// What was answered last.
    func answer() async -> String? { await letters().last?.text }

    /// Gives somebody a number, a yes to text messages, and all hours.
    func give(_ neighbor: Village.Neighbor, _ number: String, in house: Village.House? = nil) async throws {
        let house = house ?? village.riverside
        if neighbor.id == house.participant.id || neighbor.id == house.secondParticipant.id {
            try await village.publishConsentTexts(of: house)
            try await village.agree(neighbor, to: [.contactByText], in: house.program)
        }
        try await village.write(as: neighbor) { db in
            let channel = ContactChannel(kind: .text, address: number, mayLeaveMessage: true)
            try Person.keep([channel], of: neighbor.id, in: house.organization, db: db)
            let preference = ContactPreference(way: .text, timeZone: "America/New_York", hours: .always)
            try preference.set(for: neighbor.id, of: house.organization, in: db)
        }
    }

    /// Every kind that is about nothing in particular; the others have their own test.
    static let notices = Notice.allCases.filter { ![.coming, .met].contains($0) }

    /// Puts one of every kind of message in the outbox.
    func putAll(for neighbor: Village.Neighbor, in house: Village.House? = nil) async throws {
        let house = house ?? village.riverside
        try await village.write(asSystemOf: house) { db in
            for notice in Self.notices {
                try OutgoingMessage.put(notice, to: neighbor.id, in: house.program, of: house.organization, db: db)
                _ = try OutgoingMessage.call(
                    neighbor.id, notice, in: house.program, of: house.organization, by: .text, db: db)
            }
            db.record(Event(.noticeTriedAgain, about: neighbor.id, in: house.program))
        }
    }

    func count(_ table: String) async throws -> Int {
        try await village.platform.store.read { db in
            switch table {
            case "received": try db.value("SELECT count(*) FROM text_received") ?? 0
            case "replies": try db.value("SELECT count(*) FROM text_reply") ?? 0
            case "stops": try db.value("SELECT count(*) FROM text_stop WHERE undone_at IS NULL") ?? 0
            case "referrals": try db.value("SELECT count(*) FROM referral WHERE queue IS NOT NULL") ?? 0
            case "concerns": try db.value("SELECT count(*) FROM concern") ?? 0
            default: try db.value("SELECT count(*) FROM event") ?? 0
            }
        }
    }
}
