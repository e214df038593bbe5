import Foundation
import Testing
import Web

@Suite("Translations from files")
struct TranslationFilesTests {
    private func load(_ files: [String: String]) throws -> Translations {
        let folder = FileManager.default.temporaryDirectory.appending(path: "web-strings-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (file, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(file)")) }
        return try Translations(folder: folder)
    }

    @Test("Every JSON file of the folder is a locale")
    func locales() throws {
        let translations = try load(["en.json": #"{"a": "A"}"#, "ar.json": #"{"a": "أ"}"#, "notes.md": "x"])
        #expect(translations.locales == ["en", "ar"])
        #expect(translations["ar"]("a") == "أ")
    }

    @Test("Files that are not flat texts are refused by name")
    func refused() {
        #expect(throws: TranslationError.notFlat("en.json")) { try load(["en.json": #"{"a": {"b": "c"}}"#]) }
        #expect(throws: TranslationError.notFlat("en.json")) { try load(["en.json": #"{"a": 1}"#]) }
        #expect(throws: TranslationError.unreadable("en.json")) { try load(["en.json": "{"]) }
        #expect(throws: TranslationError.noFallback("en")) { try load(["es.json": "{}"]) }
        #expect(throws: TranslationError.unreadable("/no/such/folder")) { try Translations(folder: "/no/such/folder") }
    }
}
