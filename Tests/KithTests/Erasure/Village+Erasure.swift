import Kith
import KithTestSupport

extension Village {
    /// Somebody new who asked for support at Riverside, and then that everything about them is deleted.
    func wishing(_ name: String) async throws -> (who: Neighbor, referral: Referral.ID, wish: ErasureWish.ID) {
        let who = try await newcomer(name)
        let (program, dana) = (riverside.program, dana.id)
        let referral = try await write(as: self.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .known(who.id), origin: .referrer, referrer: dana, reason: "\(name) has a reason"
            )
            return try Referral.open(draft, of: db.organization, in: db).id
        }
        let wish = try await write(as: who) { db in
            try ErasureWish.ask(in: db)
            return try ErasureWish.own(in: db)?.id
        }
        guard let wish else { throw Problem.notFound }
        return (who, referral, wish)
    }
}
