import Foundation
import FuzzTargets
import Testing

@Suite("The kept inputs of every parser")
struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fuzz/Corpus")

    private static func files(of target: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent(target), includingPropertiesForKeys: nil)
    }

    @Test("Every kept input is read or refused, and every promise holds", arguments: FuzzTarget.all.map(\.name))
    func kept(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let files = try Self.files(of: name)
        #expect(files.count >= 12, "there is something to read")
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try target.read(bytes) }
        }
        #expect(throws: Never.self) { try target.read([]) }
    }

    @Test("Kept inputs belong to a parser, and are small")
    func small() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
        let sizes = try folders.flatMap { try Self.files(of: $0) }.map { try Data(contentsOf: $0).count }
        #expect(sizes.reduce(0, +) < 300_000)
    }
}
