import Storage
import Web

extension NeedsCheck {
    /// The way by which somebody comes to the questions.
    enum Door: Sendable {
        /// Without an account, by what reference and PIN lead to.
        case link(SignedLink, token: String)
        case own(Referral.ID)
        case coordinator(Referral.ID)

        var link: SignedLink? {
            if case .link(let link, _) = self { link } else { nil }
        }

        var teller: Teller {
            if case .coordinator = self { .coordinator } else { .themselves }
        }

        /// Where they came from.
        var back: SitePath {
            switch self {
            case .link(_, let token): "/progress/\(token)"
            case .own: "/home"
            case .coordinator(let id): "/referrals/\(id)/needs-check"
            }
        }

        /// Where answers are sent.
        var action: SitePath {
            switch self {
            case .link(_, let token): "/progress/\(token)/needs"
            case .own(let id): "/needs-check/\(id)"
            case .coordinator(let id): "/referrals/\(id)/needs-check"
            }
        }

        /// Where it stands what was said.
        var said: SitePath { teller == .coordinator ? action : "\(action)/said" }

        /// Where those who raised a concern read what becomes of it.
        func path(of concern: Concern.ID) -> SitePath {
            link == nil ? "/concerns/raised/\(concern)" : "\(back)/concerns/\(concern)"
        }

        /// The request that it is about, where people are asked for it.
        /// - Throws: ``Problem/notFound`` for whoever has no right to it, and where nothing is asked;
        ///   `.conflict("referral.already-closed")`.
        func referral(in db: Reading) throws -> (referral: Referral, asked: [Question]) {
            let referral = try find(in: db)
            guard referral.isOpen else { throw Problem.conflict("referral.already-closed") }
            let policy = try PublishedPolicy.current(of: referral.program, in: db).policy
            guard referral.asksForNeeds(by: policy) else { throw Problem.notFound }
            return (referral, policy.needs.asked)
        }

        private func find(in db: Reading) throws -> Referral {
            switch self {
            case .link(let link, _):
                let asked = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
                let goesOn = try asked.followed(in: db)
                // Never another record: that two are the same person is for staff to say, and they may be wrong.
                guard goesOn.person == asked.person else { throw Problem.notFound }
                return goesOn
            case .own(let id):
                let referral = try Referral.findOwn(id, in: db)
                guard referral.person == db.actor.person else { throw Problem.notFound }
                return referral
            case .coordinator(let id):
                let referral = try Referral.findOnBoard(id, in: db)
                guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
                return referral
            }
        }

        /// What they said last by this door.
        func newest(in db: Reading) throws -> (check: NeedsCheck, referral: Referral) {
            let referral = try find(in: db)
            guard let check = try NeedsCheck.newest(of: referral, db) else { throw Problem.notFound }
            return (check, referral)
        }
    }
}
