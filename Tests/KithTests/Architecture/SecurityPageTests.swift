import Foundation
import Testing

@Suite("The pages about security say what is so")
struct SecurityPageTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Names of the product's files.
    private let sources: Set<String>
    /// What stands in the tests, by the name of their file; together, where two files have one name.
    private let tests: [String: String]

    init() throws {
        sources = Set(try Self.files(in: "Sources").map(\.lastPathComponent))
        tests = try Self.files(in: "Tests").reduce(into: [:]) { tests, file in
            guard ["swift", "py"].contains(file.pathExtension) else { return }
            tests[file.lastPathComponent, default: ""] += try String(contentsOf: file, encoding: .utf8)
        }
    }

    private static func files(in folder: String) throws -> [URL] {
        let url = root.appendingPathComponent(folder)
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).map { url.appendingPathComponent($0) }
    }

    private static func text(of page: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
    }

    /// The file that a name in backticks stands for; nil for anything else in backticks.
    private static func file(_ name: Substring) -> String? {
        if name.hasSuffix("Tests"), name.allSatisfy(\.isLetter) { return "\(name).swift" }
        return [".swift", ".py", ".js", ".mustache"].contains { name.hasSuffix($0) } ? String(name) : nil
    }

    /// Links and files that lead nowhere, and titles in curly quotes that do not stand in the test named before them.
    private func faults(in text: String, at page: String) -> (faults: [String], titles: Int) {
        let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent().path
        var faults: [String] = []
        var titles = 0
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "\(page):\(number + 1)"
            for link in line.matches(of: /\]\(([^)#]+)\)/) where !link.1.hasPrefix("http") {
                if !FileManager.default.fileExists(atPath: "\(folder)/\(link.1)") {
                    faults.append("\(place): \(link.1) is not there")
                }
            }
            var test: String?
            for mark in line.matches(of: /`([^`]+)`|“([^”]+)”/) {
                if let name = mark.1 {
                    test = Self.file(name)
                    guard let file = test, tests[file] == nil else { continue }
                    test = nil
                    if !sources.contains(file) { faults.append("\(place): \(file) is not there") }
                } else if let test, let title = mark.2 {
                    titles += 1
                    if tests[test]?.contains(String(title)) != true {
                        faults.append("\(place): \(test) has no “\(title)”")
                    }
                }
            }
        }
        return (faults, titles)
    }

    @Test(
        "Every file that they name is there, and every test has the title they quote",
        arguments: ["SECURITY.md", "docs/asvs.md", "docs/inventory.md", "docs/operators.md"])
    func named(page: String) throws {
        let found = faults(in: try Self.text(of: page), at: page)
        #expect(found.faults == [])
        if page == "SECURITY.md" || page == "docs/asvs.md" { #expect(found.titles > 40, "the test sees titles") }
    }

    @Test("A file that is gone and a title that has changed are found")
    func planted() {
        let text = """
            “A quotation”, `TextsTests` “Every locale has every key”, `Vault.swift` “sealed”, [texts](Tests/KithTests)
            `TextsTests` “Every locale has every key”, “Every locale has a key too many”
            `NobodysTests` “Nothing”, `Nobody.swift`, [nowhere](docs/nowhere.md)
            """
        let found = faults(in: text, at: "SECURITY.md")
        #expect(found.titles == 3)
        #expect(
            found.faults == [
                "SECURITY.md:2: TextsTests.swift has no “Every locale has a key too many”",
                "SECURITY.md:3: docs/nowhere.md is not there", "SECURITY.md:3: NobodysTests.swift is not there",
                "SECURITY.md:3: Nobody.swift is not there"
            ])
    }

    @Test("Every requirement of the standard's first two levels has a verdict, and the sums are right")
    func verdicts() throws {
        let text = try Self.text(of: "docs/asvs.md")
        let row = /\| (V\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| (met|partly|not met|does not apply) \| [^|]+ \|/
        let rows = text.split(separator: "\n").compactMap { $0.wholeMatch(of: row) }
        #expect(Set(rows.map { $0.1 }).count == rows.count)
        #expect(rows.count(where: { $0.2 == "1" }) == 70)
        #expect(rows.count(where: { $0.2 == "2" }) == 183)
        let sums = ["met", "partly", "not met", "does not apply"].map { verdict in
            rows.count(where: { $0.3 == verdict })
        }
        let line = "| **all** | **253** | " + sums.map { "**\($0)**" }.joined(separator: " | ") + " |"
        #expect(text.contains(line), "\(line)")
    }
}
