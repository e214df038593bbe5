import Kith
import KithTestSupport
import Storage

extension Village {
    /// Opens the record of whoever has this referral.
    @discardableResult
    func open(
        _ referral: Referral.ID, as supervisor: Neighbor, because reason: String = "She cannot be reached."
    ) async throws -> Opening.ID {
        let found = try await write(asSystemOf: riverside) { try Referral.load(referral, of: $0.organization, in: $0) }
        return try await write(as: supervisor) { db in
            try Opening.open(found.person, in: found.program, by: found.id.text, because: reason, db: db)
        }
    }

    /// One that Sam has open, one by another supervisor that waits for a word, and the reference both were opened by.
    func openings(by referral: Referral.ID) async throws -> (Opening.ID, Opening.ID, String) {
        let other = try await newcomer("Rita Rosen", .supervisor)
        let reference = try await write(asSystemOf: riverside) {
            try Referral.load(referral, of: $0.organization, in: $0).reference
        }
        return (try await open(referral, as: sam), try await open(referral, as: other), reference)
    }
}
