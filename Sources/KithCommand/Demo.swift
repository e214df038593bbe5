import ArgumentParser
import Foundation
import Kith
import Storage

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a demonstration organization.",
        discussion: "The first start fills the folder; later starts go on with what is there.")

    @Option(help: "The folder for its database.") var data: String
    @Option(help: "The port to listen on.") var port = 8080
    @Option(help: "Only so many people of each kind of story; for trying things out.") var people: Int?

    func validate() throws {
        if let people, people < 1 { throw ValidationError("There must be at least one of each.") }
    }

    func run() async throws {
        try await failing {
            let folder = DemoFolder(path: data)
            let settings = try await Settings.read(
                ["database": folder.database, "port": String(port)], config: nil)
            try settings.checkSafety()
            let certificate = try settings.loadCertificate()
            var platform = try await folder.open(people: people)
            platform.isDemonstration = true
            try give("\n\(try folder.signIns)")
            try await serve(platform, settings, certificate)
        }
    }
}

/// The folder of a demonstration: its database, and a note that it was written to its end.
struct DemoFolder {
    private let path: String
    private var file: String { path + "/kith.sqlite" }
    private var mark: String { path + "/complete.json" }

    /// What stands in the note.
    private struct Mark: Codable {
        /// How many people of each kind of story; nil: all.
        let people: Int?
    }

    /// Whether a database is that of a demonstration, or was begun as one.
    static func holds(_ database: String) -> Bool {
        let folder = (database as NSString).deletingLastPathComponent
        return FileManager.default.fileExists(atPath: folder + "/complete.json")
    }

    init(path: String) { self.path = URL(fileURLWithPath: path).standardizedFileURL.path }

    var database: String { "sqlite://\(file)" }

    /// The demonstration as it was written.
    var signIns: SignIns { get throws { SignIns(try content(try read()?.people)) } }

    /// Opens the demonstration; writes it first where there is none, or only half of one.
    /// - Parameter people: how many of each kind of story, where it is written now; nil: all.
    func open(
        people: Int? = nil, world: World = .real(), telling: @escaping @Sendable (String) -> Void = { tell($0) }
    ) async throws -> Platform {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let url = try StoreURL(database)
        if try read() != nil, FileManager.default.fileExists(atPath: file) {
            return try await Platform.open(url, world: world)
        }
        guard !url.isHeldElsewhere else { throw OpenError("Another Kith works on \(path) at this moment.") }
        if FileManager.default.fileExists(atPath: file) {
            telling("The demonstration in \(path) was not written to its end. It is started over.")
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) }
        }
        let platform = try await Platform.open(url, world: world, quiet: true)
        do {
            try await Player.play(content(people), on: platform, tell: telling)
            try JSONEncoder().encode(Mark(people: people)).write(to: URL(fileURLWithPath: mark), options: .atomic)
        } catch {
            await platform.store.close()
            throw error
        }
        return platform
    }

    private func read() throws -> Mark? {
        guard let bytes = FileManager.default.contents(atPath: mark) else { return nil }
        return try JSONDecoder().decode(Mark.self, from: bytes)
    }

    private func content(_ people: Int?) throws -> Demonstration {
        let all = try Demonstration.load()
        return people.map { all.sample(of: $0) } ?? all
    }
}
