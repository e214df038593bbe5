import Crypto
import Storage

/// The key of one person. What they wrote, and what was written about them, is kept under it; so destroying one short
/// value takes all of it away, in every copy of the database that has no copy of the key.
package struct TextKey: Sendable, Equatable {
    private let key: SymmetricKey

    fileprivate init(_ key: SymmetricKey) { self.key = key }

    /// A text as the database keeps it.
    func seal(_ text: String, as place: TextPlace) throws -> String {
        try AES.GCM.sealed(Array(text.utf8), with: key, bound: place.text)
    }

    /// A text of a row as the database keeps it; nil where there is none.
    func seal(_ text: String?, _ column: StaticString, of id: String) throws -> String? {
        try text.map { try seal($0, as: TextPlace(column, id)) }
    }

    /// A text as somebody wrote it; nil when it was changed or put in another row's place.
    func open(_ sealed: String, from place: TextPlace) -> String? {
        AES.GCM.opened(sealed, with: key, bound: place.text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Bytes as the database keeps them: nonce, ciphertext and tag.
    func seal(bytes: [UInt8], as place: TextPlace) throws -> [UInt8] {
        guard let combined = try AES.GCM.seal(bytes, using: key, authenticating: Array(place.text.utf8)).combined else {
            throw Fault("AES-GCM made no combined form")
        }
        return Array(combined)
    }

    /// Bytes as somebody sent them; nil when they were changed or put in another row's place.
    func open(bytes sealed: [UInt8], from place: TextPlace) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return (try? AES.GCM.open(box, using: key, authenticating: Array(place.text.utf8))).map(Array.init)
    }

    /// The wrapped key of a person, as a column: what ``Reading/key(_:of:)`` unwraps. Both are columns of the query
    /// around it.
    package static func wrapped(of person: SQL, in organization: SQL) -> SQL {
        """
        (SELECT k.wrapped FROM person_key k WHERE k.organization_id = \(organization) AND k.person_id = \(person))
        """
    }
}

/// Where a text is kept. It is bound to what is stored, so that no row's text can be put into another row.
struct TextPlace {
    let text: String

    /// - Parameters:
    ///   - column: table and column, such as `message.body`.
    ///   - id: of the row.
    init(_ column: StaticString, _ id: String) { text = "\(column) \(id)" }
}

/// The texts of one row, opened one after the other.
struct KeptTexts {
    private let key: TextKey?
    private let id: String
    /// Whether every text that was there could be read.
    private(set) var areReadable = true

    /// - Parameters:
    ///   - key: nil when it was destroyed.
    ///   - id: of the row.
    init(_ key: TextKey?, id: String) {
        self.key = key
        self.id = id
    }

    /// - Returns: nil when there is no text, or it cannot be read.
    mutating func open(_ sealed: String?, _ column: StaticString) -> String? {
        guard let sealed else { return nil }
        let text = key?.open(sealed, from: TextPlace(column, id))
        if text == nil { areReadable = false }
        return text
    }
}

extension Reading {
    /// The key that stands wrapped in a row; nil when the person has none, or it was destroyed.
    package func key(_ wrapped: String?, of person: Person.ID) throws -> TextKey? {
        guard let wrapped else { return nil }
        return TextKey(try world.vault.unwrap(wrapped, of: person.text))
    }

    /// The key of a person's texts; nil when they have none, or it was destroyed. One statement.
    package func textKey(of person: Person.ID, in organization: Organization.ID) throws -> TextKey? {
        let wrapped = try first(
            "SELECT wrapped FROM person_key WHERE organization_id = \(organization) AND person_id = \(person)"
        ) { try $0["wrapped"] as String? }
        return try key(wrapped ?? nil, of: person)
    }
}

extension Writing {
    /// The key under which to keep a text of a person; made with the first one. One statement when there is one.
    /// - Throws: ``Problem/notFound`` when it was destroyed: nothing more is written of somebody who was erased.
    package func writingKey(of person: Person.ID, in organization: Organization.ID) throws -> TextKey {
        if let key = try textKey(of: person, in: organization) { return key }
        let fresh = SymmetricKey(data: world.randomBytes(32))
        let made = try run(
            """
            INSERT INTO person_key (organization_id, person_id, wrapped, made_at)
            VALUES (\(organization), \(person), \(world.vault.wrap(fresh, of: person.text)), \(now))
            ON CONFLICT (organization_id, person_id) DO NOTHING
            """)
        if made > 0 { return TextKey(fresh) }
        guard let key = try textKey(of: person, in: organization) else { throw Problem.notFound }
        return key
    }
}
