import Hummingbird
import Storage
import Web

/// A way in by mail, for somebody who is not there to be handed one.
extension OutgoingMessage {
    static let invitationRoutes: [Route] = [
        .post("/referrals/{id}/invitation/mail", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            _ = try await visit.form()
            try await visit.write { db in
                let referral = try Referral.find(id, in: db)
                guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
                try invite(referral.person, in: referral.program, of: referral.organization, db: db)
            }
            return .seeOther("/referrals/\(id)")
        }
    ]

    /// Sends a way in to somebody who has no account yet. Its secret is kept nowhere: it is made of the message's
    /// identifier when it leaves.
    /// - Throws: ``Problem/conflict(_:)`` when no mail may go to them, or they have an account.
    static func invite(
        _ person: Person.ID, in program: Program.ID, of organization: Organization.ID, db: Writing
    ) throws {
        guard let id = try put(.invitation, to: person, in: program, of: organization, db: db) else {
            throw Problem.conflict("invitation.no-mail")
        }
        try Invitation.send(to: person, of: organization, secret: waySecret(id, in: db.world), in: db)
    }
}
