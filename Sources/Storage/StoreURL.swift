import CLibPQ
import Foundation

/// Where a store lives, as an operator writes it in `KITH_DATABASE`.
package enum StoreURL: Sendable, Equatable {
    /// `sqlite:///var/lib/kith/kith.sqlite`
    case sqlite(path: String)
    /// `postgres://user@host/database`, in libpq's own form.
    case postgres(String)

    /// - Throws: ``OpenError`` saying what is wrong and what is expected. A password in the text is never repeated.
    package init(_ text: String) throws(OpenError) {
        guard let mark = text.range(of: "://") else {
            throw OpenError("The database address must start with sqlite:// or postgres://.")
        }
        let rest = text[mark.upperBound...]
        switch text[..<mark.lowerBound] {
        case "sqlite":
            try Self.checkPath(rest)
            self = .sqlite(path: String(rest))
        case "postgres", "postgresql":
            try Self.checkAddress(text, rest)
            self = .postgres(text)
        default:
            throw OpenError(
                "The database address must start with sqlite:// or postgres://; no other database can be used.")
        }
    }

    private static func checkPath(_ path: Substring) throws(OpenError) {
        guard path.hasPrefix("/") else {
            throw OpenError("The database address needs a full path, such as sqlite:///var/lib/kith/kith.sqlite.")
        }
        guard !path.hasSuffix("/") else {
            throw OpenError(
                "The database address names a folder; it needs a file, such as sqlite:///var/lib/kith/kith.sqlite.")
        }
        guard !path.contains("?") else {
            throw OpenError("The database address of a SQLite file takes no options after a “?”.")
        }
    }

    /// libpq's own messages repeat what they cannot read, and with an unescaped `@` or `/` in it that is the password.
    private static func checkAddress(_ text: String, _ rest: Substring) throws(OpenError) {
        let place = rest.prefix { $0 != "?" }
        let authority = place.prefix { $0 != "/" }
        guard place.count(where: { $0 == "@" }) <= (authority.contains("@") ? 1 : 0) else {
            throw OpenError("A password in the database address must be written with %40 for “@” and %2F for “/”.")
        }
        let options = PQconninfoParse(text, nil)
        guard options != nil else {
            throw OpenError("The database address cannot be read; it should look like postgres://user@host/database.")
        }
        PQconninfoFree(options)
    }

    package var engine: Engine {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }
}

/// Why a store could not be opened, as one sentence for the operator. Nothing has been changed.
package struct OpenError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
