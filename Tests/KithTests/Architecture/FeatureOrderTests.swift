import Foundation
import Kith
import Testing

@Suite("Features keep their order")
struct FeatureOrderTests {
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Kith")

    /// The type names a folder declares.
    private static func types(in text: String) -> Set<String> {
        var names: Set<String> = []
        for line in text.split(separator: "\n") {
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first, ["package", "private", "fileprivate", "final", "indirect"].contains(first) {
                words.removeFirst()
            }
            // Only types at the top level: nested ones belong to their type.
            guard line.first != " ", words.count > 1,
                ["struct", "enum", "class", "actor", "protocol"].contains(words[0])
            else { continue }
            names.insert(String(words[1].prefix { $0.isLetter || $0.isNumber }))
        }
        return names
    }

    /// Swift without comments and without what stands in string literals.
    private static func code(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let comment = line.firstRange(of: "//") else { return String(line) }
            return String(line[..<comment.lowerBound])
        }.joined(separator: "\n").replacing(/"[^"\n]*"/, with: "\"\"")
    }

    private static func files(_ folder: String) throws -> [(name: String, text: String)] {
        let url = sources.appendingPathComponent(folder)
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".swift") }.sorted()
            .map { ($0, try String(contentsOf: url.appendingPathComponent($0), encoding: .utf8)) }
    }

    @Test("A feature names only types of features before it")
    func order() throws {
        let folders = ["Base"] + Features.all.map(\.name)
        var later: [String: (folder: String, index: Int)] = [:]
        for (index, folder) in folders.enumerated() {
            for file in try Self.files(folder) {
                for type in Self.types(in: file.text) { later[type] = (folder, index) }
            }
        }
        // Base declares no tables but speaks of the people and programs every feature stands on.
        let ground: Set = ["Organization", "Program", "Person", "Partner", "Role", "ConsentText"]
        try #require(later["Referral"] != nil, "the test sees types")
        for (index, folder) in folders.enumerated() {
            for file in try Self.files(folder) {
                let lines = Self.code(file.text).split(separator: "\n", omittingEmptySubsequences: false)
                for (number, line) in lines.enumerated() {
                    for word in line.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
                        guard let home = later[String(word)], home.index > index, !ground.contains(String(word)) else {
                            continue
                        }
                        Issue.record(
                            "\(folder)/\(file.name):\(number + 1) names \(word) of \(home.folder), which comes later")
                    }
                }
            }
        }
    }

    /// Tables that SQL reads or writes, with the line.
    private static func tables(in text: String) -> [(name: String, line: Int)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { number, line in
            let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
            return code.matches(of: /\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES)\s+([a-z_]+)\b/).map {
                (String($0.1), number + 1)
            }
        }
    }

    /// SQL that looks ahead, for a reason; nothing else may.
    private static let lookingAhead: Set<String> = [
        // The coordinator asks for consent from the page of a referral, which says whom and for which program.
        "Consent/Consent+Queries.swift reads referral",
        // Whether a colleague's record is sealed depends on whether they are still supported.
        "Wall/Wall+Reach.swift reads referral",
        // How full a supporter is, is counted where the matches are, or two numbers could differ.
        "Supporters/Supporter+Queries.swift reads match",
        // Only somebody who is supported takes a pause from it, and it is over with their request.
        "Pauses/SupportPause+Actions.swift reads match", "Pauses/SupportPause+Actions.swift reads referral",
        "Pauses/SupportPause+Queries.swift reads match"
    ]

    @Test("SQL names only tables of the feature itself and of features before it")
    func tablesInOrder() throws {
        let folders = ["Base"] + Features.all.map(\.name)
        var homes: [String: (folder: String, index: Int)] = [:]
        for (index, folder) in folders.enumerated() {
            for file in try Self.files(folder) {
                for table in file.text.matches(of: /CREATE TABLE ([a-z_]+)/) {
                    homes[String(table.1)] = (folder, index)
                }
            }
        }
        // Who asks, and how far they reach, is Base's to know.
        let ground: Set = ["organization", "program", "person", "membership", "installation_key"]
        #expect(homes["referral"]?.folder == "Referrals" && homes.count > 20, "the test sees tables")
        let planted = "        // SELECT 1 FROM event\n        SELECT name FROM referral r\n        JOIN person p"
        #expect(Self.tables(in: planted).map(\.name) == ["referral", "person"], "the test sees what SQL reads")
        for (index, folder) in folders.enumerated() {
            for file in try Self.files(folder) {
                for (table, line) in Self.tables(in: file.text) {
                    guard let home = homes[table], home.index > index, !ground.contains(table) else { continue }
                    guard !Self.lookingAhead.contains("\(folder)/\(file.name) reads \(table)") else { continue }
                    Issue.record(
                        "\(folder)/\(file.name):\(line) reads \(table) of \(home.folder), which comes later")
                }
            }
        }
    }

    @Test("Only routes and Base know the web")
    func web() throws {
        for folder in Features.all.map(\.name) {
            for file in try Self.files(folder) where file.text.contains("import Hummingbird") {
                let shown = Self.code(file.text)
                #expect(
                    shown.contains(": [Route]") || shown.contains("Visit"), "\(folder)/\(file.name) imports Hummingbird"
                )
            }
        }
    }
}
