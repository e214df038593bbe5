internal import Foundation

/// The texts of every locale, from one file each: `en.json`, `es.json`, flat objects of key and text.
package struct Translations: Sendable {
    /// The locale used where another has no text.
    package let fallback: String
    /// All locales, the fallback first, the others in alphabetical order.
    package let locales: [String]

    private let texts: [String: [String: LocalizedText]]
    private let report: @Sendable (MissingText) -> Void

    /// - Parameters:
    ///   - texts: For each locale its keys and texts.
    ///   - report: Told of each lookup a locale could not answer itself; called on the thread of the lookup.
    /// - Throws: `noFallback` when the fallback locale is not among them.
    package init(
        _ texts: [String: [String: String]], fallback: String = "en",
        report: @escaping @Sendable (MissingText) -> Void = { _ in }
    ) throws(TranslationError) {
        guard texts[fallback] != nil else { throw .noFallback(fallback) }
        self.texts = texts.mapValues { $0.mapValues(LocalizedText.init) }
        (self.fallback, self.report) = (fallback, report)
        locales = [fallback] + texts.keys.filter { $0 != fallback }.sorted()
    }

    /// Loads every `{locale}.json` in a folder.
    package init(
        folder: String, fallback: String = "en", report: @escaping @Sendable (MissingText) -> Void = { _ in }
    ) throws(TranslationError) {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw .unreadable(folder)
        }
        var texts: [String: [String: String]] = [:]
        for file in files.sorted() where file.hasSuffix(".json") {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)"),
                let object = try? JSONSerialization.jsonObject(with: data)
            else { throw .unreadable(file) }
            guard let entries = object as? [String: String] else { throw .notFlat(file) }
            texts[String(file.dropLast(".json".count))] = entries
        }
        try self.init(texts, fallback: fallback, report: report)
    }

    /// The texts of a locale; of the fallback when there is no such locale.
    package subscript(locale: String) -> Strings {
        let known = texts[locale] == nil ? fallback : locale
        return Strings(
            locale: known, texts: texts[known] ?? [:], fallback: texts[fallback] ?? [:], report: report)
    }

    /// The keys of a locale, sorted; plural forms of one text count as one key, without the suffix.
    package func keys(in locale: String) -> [String] {
        Set((texts[locale] ?? [:]).keys.map(Self.withoutPluralSuffix)).sorted()
    }

    /// The keys the fallback locale has and this one does not, sorted.
    package func missingKeys(in locale: String) -> [String] {
        Set(keys(in: fallback)).subtracting(keys(in: locale)).sorted()
    }

    private static func withoutPluralSuffix(_ key: String) -> String {
        guard let dot = key.lastIndex(of: "."),
            PluralCategory.allCases.contains(where: { $0.description == key[key.index(after: dot)...] })
        else { return key }
        return String(key[..<dot])
    }
}

/// Why texts cannot be loaded.
package enum TranslationError: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    /// A file that is not one flat object of texts.
    case notFlat(String)
    case noFallback(String)

    package var description: String {
        switch self {
        case .unreadable(let name): "cannot read \(name) as JSON"
        case .notFlat(let name): "\(name) must be one flat object of keys and texts"
        case .noFallback(let locale): "there are no texts for the fallback locale \(locale)"
        }
    }
}
