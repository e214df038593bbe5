import Hummingbird
import Storage
import Web

/// An invitation to hand over or read out: to be printed, never sent by itself.
struct InvitationLetterScreen: Screen {
    static let template = "people/invitation-letter"
    let address: String
    let back: String

    func title(_ words: Words) -> String { words("invitation-letter.title") }

    func shown(_ words: Words) -> Value {
        ["address": .text(address), "backPath": .text(back), "days": .text(words("dates.days", count: Invitation.days))]
    }
}

extension Person {
    /// The coordinator of somebody's referral gives them a way in.
    static func inviteParticipant(_ visit: Visit) async throws -> Response {
        guard let referral = Identifier<Person>(untrusted: try visit.parameter("id")) else { throw Problem.notFound }
        _ = try await visit.form()
        let secret = visit.platform.world.newSecret()
        try await visit.write { db in
            let organization = try db.organization
            let person = try db.first(
                """
                SELECT person_id FROM referral WHERE organization_id = \(organization) AND id = \(referral)
                AND program_id IN \(db.reach(.coordinator))
                """
            ) { try $0["person_id"] as Person.ID }
            guard let person else { throw Problem.notFound }
            try Invitation.send(to: person, of: organization, secret: secret, in: db)
        }
        let address = "\(visit.place.address)/invitations/\(secret.text)"
        return try await visit.show(status: .created) { _ in
            InvitationLetterScreen(address: address, back: "/referrals/\(referral)")
        }
    }
}
