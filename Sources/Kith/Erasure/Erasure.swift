import Crypto
import Foundation
import Storage

/// Taking somebody's record away for good. What must stay, because it is also part of somebody else's work or of the
/// log, stays without a name and without a word: counts, times, codes.
package enum Erasure {
    package static let feature = Feature(
        name: "Erasure", migrations: ErasureWish.migrations, routes: ErasureWish.routes,
        events: [.personErased, .erasureAgreed, .erasureAsked, .erasureKept, .erasureWithdrawn],
        orphans: ErasureWish.orphans,
        raised: ErasureWish.raised, copied: ErasureWish.copied)

    /// Says what was erased, signed by the installation, for the person to keep.
    package struct Certificate: Codable, Sendable, Equatable {
        package let organization: String
        /// The record's number: it names nobody any more.
        package let person: String
        package let erasedAt: String
        /// How many rows were taken away or emptied, by the part of Kith they belong to.
        package let rows: [String: Int]
        /// Their texts, in Kith and in every backup, no longer open.
        package let isKeyDestroyed: Bool
        /// The installation's public key (Ed25519), in base64.
        package private(set) var key = ""
        /// Over the other members as JSON with sorted keys and without white space, in base64.
        package private(set) var signature = ""

        fileprivate init(_ person: Person.ID, of organization: Organization.ID, at now: Instant, _ rows: [String: Int])
        {
            self.organization = organization.text
            self.person = person.text
            erasedAt = now.description
            self.rows = rows
            isKeyDestroyed = true
        }

        fileprivate mutating func sign(with signer: Curve25519.Signing.PrivateKey) throws {
            key = signer.publicKey.rawRepresentation.base64EncodedString()
            signature = try signer.signature(for: signed).base64EncodedString()
        }

        /// Whether the signature is the one of the key that stands with it.
        package var isGenuine: Bool {
            guard let key = Data(base64Encoded: key), let signature = Data(base64Encoded: signature),
                let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
            else { return false }
            return (try? publicKey.isValidSignature(signature, for: signed)) ?? false
        }

        private var signed: Data {
            get throws {
                var unsigned = self
                unsigned.signature = ""
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return try encoder.encode(unsigned)
            }
        }
    }

    /// Ends what runs, then empties the record and destroys the key of its texts.
    /// - Throws: ``Problem/notFound``; ``Problem/conflict(_:)`` with `erasure.staff` for somebody who has worked here:
    ///   what they did is part of other people's records.
    static func erase(_ person: Person.ID, features: [Feature], in db: Writing) throws -> Certificate {
        let organization = try db.organization
        guard try db.exists("SELECT 1 FROM person WHERE organization_id = \(organization) AND id = \(person)") else {
            throw Problem.notFound
        }
        guard try !hasWorked(person, in: db) else { throw Problem.conflict("erasure.staff") }
        for referral in try Referral.open(of: person, of: organization, db: db) { try referral.stop(in: db) }
        if try !Person.roles(of: person, in: db).isEmpty { try Person.endAccess(of: person, in: db) }
        var rows: [String: Int] = [:]
        for feature in features.reversed() {
            for step in feature.erasures {
                rows[feature.name, default: 0] += try db.run(step(organization, person, db.now))
            }
        }
        // Somebody who never wrote a word has no key, and gets none any more.
        try db.run(
            """
            INSERT INTO person_key (organization_id, person_id, wrapped, made_at, destroyed_at)
            VALUES (\(organization), \(person), NULL, \(db.now), \(db.now))
            ON CONFLICT (organization_id, person_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at
            """)
        db.record(Event(.personErased, of: person.text, about: person, rows.mapValues { "\($0)" }))
        var certificate = Certificate(person, of: organization, at: db.now, rows)
        try certificate.sign(with: db.auditSigner())
        try ErasureWish.fulfill(for: person, with: certificate, in: db)
        return certificate
    }

    /// Whether somebody works here or has: what they did is part of other people's records.
    static func hasWorked(_ person: Person.ID, in db: Reading) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM membership WHERE organization_id = \(db.organization) AND person_id = \(person)
            AND role <> \(Role.participant)
            """)
    }
}

extension Platform {
    /// Erases somebody, for the operator, who has made sure that it is asked for and that no law says otherwise. Also
    /// what the engine itself still remembers of the key is overwritten, as far as it lets us.
    /// - Parameter wish: what it answers, if somebody asked on a page.
    /// - Throws: what ``Erasure`` throws; ``Problem/conflict(_:)`` with `erasure.answered` when `wish` is not open.
    package func erase(
        _ person: Person.ID, of organization: Organization.ID, answering wish: ErasureWish.ID? = nil
    ) async throws -> Erasure.Certificate {
        let features = features
        let certificate = try await write(as: .system(organization), access: .anyone) { db in
            if let wish, try !ErasureWish.isOpen(wish, in: db) { throw Problem.conflict("erasure.answered") }
            return try Erasure.erase(person, features: features, in: db)
        }
        try await store.forget(in: "person_key")
        return certificate
    }
}

extension EventKind {
    /// Details: how many rows, by the part they belong to.
    package static let personErased = EventKind("person.erased")
}
