import Hummingbird
import Web

/// What people hold in their hands: pages that are made to be printed and handed on.
package enum Papers {
    package static let feature = Feature(
        name: "Papers", routes: Leaflet.routes + AboutPeerSupportScreen.routes + WalletCardScreen.routes)

    /// How large the letters on a paper are. A link changes it, so it needs no script.
    enum Letters: String, Sendable {
        case usual, large

        /// What the address of a paper asks for.
        init(_ query: Form) { self = query.asksForLargeType ? .large : .usual }
    }

    /// One paper as it was asked for: in which language, in which letters, and where the others are.
    struct Sheet: Sendable {
        let path: String
        let letters: Letters
        /// The language the address names; nil where it is the reader's.
        let language: String?
        /// Every language there is: its code, and its own name for itself.
        let languages: [(code: String, name: String)]
        /// The one it is shown in.
        let shown: String

        init(of visit: Visit, path: String) throws {
            let query = try visit.query
            let translations = visit.platform.shelf.translations
            (self.path, letters, language) = (path, Letters(query), query["language"])
            languages = translations.locales.map { ($0, translations[$0]("language.name")) }
            shown = visit.locale
        }

        private func address(in language: String?, _ letters: Letters) -> String {
            let asked = [
                language.map { "language=\($0)" }, letters == .large ? "type=large" : nil
            ].compactMap { $0 }
            return asked.isEmpty ? path : "\(path)?\(asked.joined(separator: "&"))"
        }

        /// What stands beside a paper on the screen, and is not printed.
        var values: Fields {
            [
                "large": .flag(letters == .large),
                "letters": [
                    "path": .text(address(in: language, letters == .large ? .usual : .large)),
                    "usual": .flag(letters == .large), "large": .flag(letters == .usual)
                ],
                "otherLanguages": .list(
                    languages.filter { $0.code != shown }.map { code, name in
                        ["path": .text(address(in: code, letters)), "code": .text(code), "name": .text(name)]
                    })
            ]
        }
    }
}

extension Visit {
    /// The same visit in the language that its address names: what is handed on is in the language of whoever gets it,
    /// not of the browser that prints it.
    /// - Throws: ``Problem/notFound`` for a language that Kith does not have.
    func inAskedLanguage() throws -> Visit {
        guard let language = try query["language"] else { return self }
        return try told(in: language)
    }

    /// An address of this site as it is said and typed: without what stands before the name.
    func spoken(_ path: String) -> String {
        (place.address + path).replacing(/^https?:\/\//, with: "")
    }
}
