import Crypto
import Foundation
import Storage

/// A copy of everything, encrypted, in two files that mean nothing without each other and without the master key:
///
/// - `kith-….backup` holds every table but the keys of people and the list of stopped numbers;
/// - `kith.keys` holds those, and of it only the newest is kept. So whoever was erased is erased in older copies too.
///
/// Either engine can be restored from it, also what the other one wrote.
///
/// A file begins with the line `KITH BACKUP 1` and a line of JSON, the ``Header``. Then come chunks, each with its
/// length in four bytes (big-endian) and what AES-GCM makes of it, bound to the file, the chunk's number and whether it
/// is the last; so none can be changed, left out or cut off. In a chunk stand items: `T` begins a table, `R` is a row,
/// `E` ends it all with the ``Trailer``.
package enum Backup {
    static let magic = "KITH BACKUP 1\n"
    /// The tables that go to the file of keys, of which the newest is taken: an older copy of the rest brings back
    /// neither whoever was erased nor text messages to a number that was stopped.
    static let keyTables: Set<String> = ["person_key", "installation_key", "text_stop"]

    package enum Part: String, Codable, Sendable { case data, keys }

    package struct Header: Codable, Sendable {
        package let id: String
        package let part: Part
        package let madeAt: String
        /// The schema's steps, in their order.
        package let migrations: [String]
        /// The file's own key, wrapped by the master key.
        let key: String
    }

    /// What stood in the database at that moment, to compare a restored one with.
    package struct Trailer: Codable, Sendable, Equatable {
        /// Rows by table.
        package var rows: [String: Int] = [:]
        /// The last page of each organization's log, by organization.
        package var pages: [String: Seal] = [:]

        package struct Seal: Codable, Sendable, Equatable {
            package let page: Int
            package let hash: String
        }

        package var total: Int { rows.values.reduce(0, +) }
    }

    /// What was written.
    package struct Files: Sendable {
        package let data: String
        package let keys: String
        package let trailer: Trailer
    }

    static func owner(_ id: String) -> String { "backup \(id)" }

    static func context(_ id: String, _ number: Int, isLast: Bool) -> [UInt8] {
        Array("\(id) \(number) \(isLast ? "last" : "more")".utf8)
    }
}
