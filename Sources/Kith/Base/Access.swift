/// Who may call a route. Every route has one; there is no default.
package enum Access: Sendable, Hashable {
    /// Public pages, health, assets, and links that carry their own proof.
    case anyone
    /// Anybody with an account.
    case signedIn
    /// Anybody with an account, also before the second factor is there that one of their roles asks for: their own
    /// account only.
    case enrolling
    /// Anybody with one of these roles in at least one program. Which rows they reach is the query's matter.
    case roles(Set<Role>)
    /// A referring organization's system.
    case partner
    /// Whoever holds the link that a start without any organization prints, and only until there is one. The router
    /// has compared the link; the transaction sees that there is no organization yet.
    case setup

    package static func role(_ role: Role) -> Access { .roles([role]) }

    /// - Throws: ``Problem/signInNeeded``, ``Problem/secondFactorNeeded`` or ``Problem/notAllowed``.
    package func check(_ actor: Actor) throws(Problem) {
        if self != .anyone, self != .enrolling, actor.enrolling != nil { throw .secondFactorNeeded }
        switch self {
        case .anyone: return
        case .enrolling:
            guard actor.person != nil || actor.enrolling != nil else { throw .signInNeeded }
        case .signedIn:
            guard actor.person != nil else { throw .signInNeeded }
        case .roles(let roles):
            guard actor.person != nil else { throw .signInNeeded }
            guard actor.roles.contains(where: { roles.contains($0.role) }) else { throw .notAllowed }
        case .partner:
            guard case .partner = actor.kind else { throw .signInNeeded }
        case .setup:
            guard actor.kind == .system else { throw .notFound }
        }
    }
}
