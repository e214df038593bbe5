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

    func run() async throws {
        try await failing {
            let folder = URL(fileURLWithPath: data).standardizedFileURL.path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let settings = try await Settings.read(
                ["database": "sqlite://\(folder)/kith.sqlite", "port": String(port)], config: nil)
            let platform = try await Platform.open(settings.database)
            try await serve(platform, settings)
        }
    }
}
