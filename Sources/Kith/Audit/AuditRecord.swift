import Crypto
import Foundation
import Storage

/// One entry of the log as it goes into the seal: an event or a disclosure, every column of it.
package struct AuditRecord: Sendable, Equatable {
    package let id: String
    /// Canonical JSON: an array with every column in a fixed order, objects with sorted keys, no white space.
    package let json: String

    init(event row: Row) throws {
        id = try row["id"]
        let details: String = try row["details"]
        json = try Self.array([
            "event", id, row["kind"] as String, row["actor"] as String, row["subject_id"] as String?,
            row["program_id"] as String?, row["object_id"] as String?,
            JSONDecoder().decode([String: String].self, from: Data(details.utf8)), row["at"] as String
        ])
    }

    init(disclosure row: Row) throws {
        id = try row["id"]
        json = try Self.array([
            "disclosure", id, row["actor"] as String, row["subject_id"] as String, row["what"] as String,
            row["at"] as String
        ])
    }

    /// SHA-256 over a byte 0 and the JSON.
    var hash: [UInt8] { Array(SHA256.hash(data: [0] + Array(json.utf8))) }

    private static func array(_ columns: [Any?]) throws -> String {
        let bytes = try JSONSerialization.data(
            withJSONObject: columns.map { $0 ?? NSNull() }, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A page of an organization's log: some records, sealed together and tied to the page before. Changing, removing or
/// adding a record of an old page breaks its seal, and putting a page right breaks every one after it.
package struct AuditPage: Sendable, Equatable {
    /// From 1 without gaps.
    package let number: Int
    package let events: Int
    package let disclosures: Int
    package let sealedAt: Instant
    /// SHA-256 over the hashes of its records in their order, in hexadecimal.
    package let records: String
    /// SHA-256 over a byte 1, the hash of the page before, and all of the above.
    package let hash: String

    /// - Parameters:
    ///   - events: in the order of their identifiers; `disclosures` likewise.
    ///   - previous: hash of the page before; of the first one, ``beginning(of:)``.
    init(
        number: Int, events: [AuditRecord], disclosures: [AuditRecord], at sealedAt: Instant, after previous: String
    ) {
        self.number = number
        self.events = events.count
        self.disclosures = disclosures.count
        self.sealedAt = sealedAt
        records = Self.hexadecimal(SHA256.hash(data: (events + disclosures).flatMap(\.hash)))
        hash = Self.hash(number, self.events, self.disclosures, sealedAt, records, after: previous)
    }

    init(row: Row) throws {
        number = try row["number"]
        events = try row["events"]
        disclosures = try row["disclosures"]
        sealedAt = try row["sealed_at"]
        records = try row["records"]
        hash = try row["hash"]
    }

    /// What stands for the page before the first one.
    static func beginning(of organization: Organization.ID) -> String {
        hexadecimal(SHA256.hash(data: Array("kith audit \(organization)".utf8)))
    }

    private static func hash(
        _ number: Int, _ events: Int, _ disclosures: Int, _ sealedAt: Instant, _ records: String,
        after previous: String
    ) -> String {
        let text = "[\(number),\(events),\(disclosures),\"\(sealedAt)\",\"\(records)\"]"
        return hexadecimal(SHA256.hash(data: [1] + Array((previous + text).utf8)))
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
