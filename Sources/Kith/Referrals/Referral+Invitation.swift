import Hummingbird
import Storage
import Web

extension Referral {
    static let invitationRoutes: [Route] = [
        .post("/referrals/{id}/invitation", .role(.coordinator), invite).taking("once")
    ]

    /// The coordinator of somebody's referral gives them a way in.
    private static func invite(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: Referral.self)
        let secret = visit.secret(for: try await visit.form())
        try await visit.write { db in
            let referral = try Referral.find(id, in: db)
            guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
            guard try !Invitation.isMade(secret, in: db) else { return }
            try Invitation.send(to: referral.person, of: referral.organization, secret: secret, in: db)
        }
        let address = "\(visit.place.address)/invitations/\(secret.text)"
        return try await visit.show(status: .created) { _ in
            InvitationLetterScreen(address: address, back: "/referrals/\(id)")
        }
    }
}
