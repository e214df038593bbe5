import Foundation

/// Where a store lives, as an operator writes it in `KITH_DATABASE`.
package enum StoreURL: Sendable, Equatable {
    /// `sqlite:///var/lib/kith/kith.sqlite`
    case sqlite(path: String)
    /// `postgres://user@host/database`, in libpq's own form.
    case postgres(String)

    /// - Throws: ``OpenError`` saying what is wrong and what is expected. A password in the text is never repeated.
    package init(_ text: String) throws(OpenError) {
        if let path = text.suffix(after: "sqlite://") {
            guard path.hasPrefix("/") else {
                throw OpenError("The database address needs a full path, such as sqlite:///var/lib/kith/kith.sqlite.")
            }
            guard path.count > 1, !path.hasSuffix("/") else {
                throw OpenError("The database address names a folder; it needs a file, such as sqlite:///var/lib/kith/kith.sqlite.")
            }
            self = .sqlite(path: path)
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(text)
        } else {
            throw OpenError("The database address must start with sqlite:// or postgres://; this one starts with “\(text.prefix(while: { $0.isLetter }).prefix(12))”.")
        }
    }

    package var engine: Engine {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

/// Why a store could not be opened, as one sentence for the operator. Nothing has been changed.
package struct OpenError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
