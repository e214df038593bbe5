import Crypto
import Foundation
import Storage

extension Password {
    /// The shortest password of somebody who also gives a code or uses a passkey (NIST SP 800-63B-4).
    package static let shortestOfTwo = 8

    /// The one form in which a password is counted, hashed and compared, however a keyboard made it: composed (NFC),
    /// every kind of space a plain one. The same as RFC 8265, section 4.2, prepares them.
    package static func prepared(_ password: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in password.precomposedStringWithCanonicalMapping.unicodeScalars {
            scalars.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
        }
        return String(scalars)
    }

    /// Whether it is long enough where it is the only factor.
    static func standsAlone(_ password: String) -> Bool { prepared(password).unicodeScalars.count >= shortest }

    /// Whose password it is to be: what others would try first.
    package struct Owner: Sendable {
        package var login: String
        package var names: [String]
        package var organization: String
        package var hasSecondFactor: Bool

        package init(login: String, names: [String] = [], organization: String = "", hasSecondFactor: Bool = false) {
            self.login = login
            self.names = names
            self.organization = organization
            self.hasSecondFactor = hasSecondFactor
        }

        static func of(_ invitation: Invitation, login: String, db: Reading) throws -> Owner {
            try of(invitation.person, in: invitation.organization, login: login, db: db)
        }

        /// Somebody who is here, under a sign-in name that they have or choose.
        static func of(
            _ person: Person.ID, in organization: Organization.ID, login: String, db: Reading
        ) throws -> Owner {
            var owner = Owner(login: login)
            let rows = try db.all(
                """
                SELECT o.name AS house, p.name, p.called, c.address, a.second_factor_since FROM person p
                JOIN organization o ON o.id = p.organization_id
                LEFT JOIN account a ON a.organization_id = p.organization_id AND a.person_id = p.id
                LEFT JOIN contact_channel c ON c.organization_id = p.organization_id AND c.person_id = p.id
                    AND c.kind = 'email'
                WHERE p.organization_id = \(organization) AND p.id = \(person) ORDER BY c.place LIMIT 20
                """
            ) {
                (
                    house: try $0["house"] as String, hasSecond: try $0["second_factor_since"] as Instant? != nil,
                    names: [try $0["name"] as String?, try $0["called"], try $0["address"]].compactMap(\.self)
                )
            }
            owner.organization = rows.first?.house ?? ""
            owner.names = rows.flatMap(\.names)
            owner.hasSecondFactor = rows.first?.hasSecond == true
            return owner
        }
    }

    /// What is wrong with a new password, as a code below `errors`; nil when it will do. It must be long enough, and
    /// not one of those that are tried first: no required kinds of characters, no expiry (NIST SP 800-63B-4).
    package static func objection(to password: String, of owner: Owner, common: CommonPasswords) -> String? {
        let prepared = prepared(password)
        let length = prepared.unicodeScalars.count
        let shortest = owner.hasSecondFactor ? shortestOfTwo : shortest
        guard length >= shortest else { return owner.hasSecondFactor ? "too-short-for-two" : "too-short" }
        guard length <= longest else { return "longer-than-passwords" }
        let plain = prepared.lowercased()
        if common.hold(plain) || common.hold(plain.filter { $0 != " " }) { return "too-common" }
        // Words that everybody knows who knows the owner; the rest has to be hard to guess by itself.
        let rest = owner.knownWords.reduce(plain) { $0.replacing($1, with: "") }
        if rest != plain, rest.filter({ !$0.isWhitespace }).unicodeScalars.count < shortest / 2 {
            return "too-personal"
        }
        return isMonotonous(plain, common: common) ? "too-easy" : nil
    }

    /// Whether it is the same few characters again and again, a common password repeated, or a walk along the alphabet
    /// or the rows of a keyboard.
    private static func isMonotonous(_ plain: String, common: CommonPasswords) -> Bool {
        let scalars = plain.unicodeScalars.map(\.value)
        if Set(scalars).count < 4 { return true }
        let period = (1...scalars.count).first { period in
            zip(scalars, scalars.dropFirst(period)).allSatisfy { $0 == $1 }
        }
        if let period, period * 2 <= scalars.count {
            let unit = String(plain.unicodeScalars.prefix(period))
            if period * 3 <= scalars.count || common.hold(unit) { return true }
        }
        let steps = zip(scalars, scalars.dropFirst()).filter { from, to in
            abs(Int(from) - Int(to)) <= 1 || neighbors.contains([from, to])
        }
        return steps.count * 4 >= (scalars.count - 1) * 3
    }

    /// Keys that lie side by side, in both directions.
    private static let neighbors: Set<[UInt32]> = {
        var pairs: Set<[UInt32]> = []
        for row in ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop"] {
            let keys = row.unicodeScalars.map(\.value)
            for (one, other) in zip(keys, keys.dropFirst()) { pairs.formUnion([[one, other], [other, one]]) }
        }
        return pairs
    }()
}

extension Password.Owner {
    /// The longest first, so that no part of one is left behind.
    fileprivate var knownWords: [String] {
        let texts = [login, organization, "kith", "password"] + names
        let words = texts.flatMap { text in
            let whole = Password.prepared(text).lowercased().trimmed
            return [whole] + whole.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        return Set(words).filter { $0.count > 2 }.sorted { ($1.count, $0) < ($0.count, $1) }
    }
}

/// Passwords that very many people have, and that leaked: by the first eight bytes of their SHA-256, sorted. What is in
/// the file and where it comes from says `scripts/common-passwords`.
package struct CommonPasswords: Sendable {
    private let prefixes: [UInt64]

    /// - Throws: ``Fault`` for a file that is not there or not sorted: nobody should start without it.
    package init(file: String) throws {
        guard let data = FileManager.default.contents(atPath: file), !data.isEmpty, data.count % 8 == 0 else {
            throw Fault("the list of common passwords cannot be read")
        }
        let bytes = Array(data)
        prefixes = stride(from: 0, to: bytes.count, by: 8).map { Self.number(bytes[$0..<$0 + 8]) }
        guard zip(prefixes, prefixes.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw Fault("the list of common passwords is not sorted")
        }
    }

    package var count: Int { prefixes.count }

    /// - Parameter plain: in small letters, prepared.
    package func hold(_ plain: String) -> Bool {
        let wanted = Self.number(SHA256.hash(data: Array(plain.utf8)).prefix(8))
        var (low, high) = (0, prefixes.count)
        while low < high {
            let middle = (low + high) / 2
            if prefixes[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < prefixes.count && prefixes[low] == wanted
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
