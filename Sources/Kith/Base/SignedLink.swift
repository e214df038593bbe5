/// A link that is its own proof: it works without an account, for one thing, until it ends. Nothing is stored.
package struct SignedLink: Sendable, Equatable {
    /// What the link is good for; a link for one purpose is worthless for another.
    package enum Purpose: String, Sendable {
        /// A referrer without an account sees what became of a referral.
        case status
        /// Somebody who asked for support sees their reference and PIN once more, for a short while.
        case asked
        /// Somebody without an account sees their progress, after reference and PIN.
        case progress
        /// Somebody who was written to wants no more of it.
        case stop
        /// Somebody sent a text message. No link is made for it.
        case text
        /// Somebody frees their seat in a group meeting.
        case seat
    }

    package let purpose: Purpose
    package let organization: Organization.ID
    package let object: String
    package let expires: Instant

    package init(_ purpose: Purpose, of organization: Organization.ID, to object: String, until expires: Instant) {
        self.purpose = purpose
        self.organization = organization
        self.object = object
        self.expires = expires
    }

    /// The token that stands in the address: identifiers and a signature, nothing about a person.
    package func token(in world: World) -> String {
        "\(organization).\(object).\(expires.milliseconds).\(signature(in: world).text)"
    }

    /// Reads a token back.
    /// - Throws: ``Problem/notFound`` for one that is forged, for something else, or over.
    package init(_ purpose: Purpose, token: String, in world: World) throws(Problem) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let organization = Organization.ID(untrusted: parts[0]),
            // In the one spelling that links are made in.
            let milliseconds = Int64(parts[2]), String(milliseconds) == parts[2]
        else { throw .notFound }
        self.init(purpose, of: organization, to: parts[1], until: Instant(milliseconds: milliseconds))
        guard signature(in: world).matches(parts[3]), world.now() < expires else { throw .notFound }
    }

    private func signature(in world: World) -> Secret {
        world.linkKey.derived(for: "\(purpose.rawValue)|\(organization)|\(object)|\(expires.milliseconds)")
    }
}
