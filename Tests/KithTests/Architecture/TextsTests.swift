import Foundation
import Kith
import KithTestSupport
import Testing
import Web

@Suite("Texts")
struct TextsTests {
    private let shelf: Shelf

    init() throws { shelf = try Shelf.load() }

    @Test("Every kind of event has a sentence")
    func events() {
        for event in Features.all.flatMap(\.events) {
            let key = "events.\(event.rawValue)"
            #expect(shelf.translations["en"](key) != key, "\(key) has no sentence")
        }
    }

    @Test("What is raised on first pages has a sentence for one and for several")
    func raised() async throws {
        let keys = try await withVillage(.sqlite) { village in
            try await village.read(as: village.ana) { db in
                try Features.all.flatMap(\.raised).flatMap { try $0.keys(in: db) }
            }
        }
        #expect(keys.count > 20, "the test sees them")
        for locale in shelf.translations.locales {
            for (key, count) in keys.flatMap({ [($0, 1), ($0, 3)] }) {
                let text = shelf.translations[locale](key, count: count)
                #expect(text != key && !text.isEmpty, "\(locale): \(key), \(count)")
            }
        }
    }

    @Test("Every locale has every key")
    func locales() {
        for locale in shelf.translations.locales {
            #expect(shelf.translations.missingKeys(in: locale).isEmpty, "\(locale)")
        }
    }

    @Test("Every kind of event is declared by a feature, once")
    func declared() {
        let kinds = Features.all.flatMap(\.events)
        #expect(Set(kinds).count == kinds.count)
    }

    @Test("Keys asked for in the code exist")
    func asked() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Kith")
        let known = Set(shelf.translations.keys(in: "en"))
        let files = try #require(FileManager.default.enumerator(atPath: sources.path))
        var found = 0
        while let file = files.nextObject() as? String {
            guard file.hasSuffix(".swift") else { continue }
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            // Only keys written out whole; those with a hole in them are met by the pages' own tests.
            for match in text.matches(of: /\bwords\("([a-z0-9.-]+)"[,)]/) {
                found += 1
                let isKnown = known.contains(String(match.1))
                #expect(isKnown, "\(file) asks for \(match.1)")
            }
        }
        #expect(found > 50, "the test sees keys")
    }
}
