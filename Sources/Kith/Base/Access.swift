/// Who may call a route. Every route has one; there is no default.
package enum Access: Sendable, Hashable {
    /// Public pages, health, assets, and links that carry their own proof.
    case anyone
    /// Anybody with an account.
    case signedIn
    /// Anybody with one of these roles in at least one program. Which rows they reach is the query's matter.
    case roles(Set<Role>)
    /// A referring organization's system.
    case partner

    package static func role(_ role: Role) -> Access { .roles([role]) }

    /// - Throws: ``Problem/signInNeeded`` or ``Problem/notAllowed``.
    package func check(_ actor: Actor) throws(Problem) {
        switch self {
        case .anyone: return
        case .signedIn:
            guard actor.person != nil else { throw .signInNeeded }
        case .roles(let roles):
            guard actor.person != nil else { throw .signInNeeded }
            guard actor.roles.contains(where: { roles.contains($0.role) }) else { throw .notAllowed }
        case .partner:
            guard case .partner = actor.kind else { throw .signInNeeded }
        }
    }
}
