import ArgumentParser
import Foundation
import Kith
import Storage

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The log of what was done and of what was shown to whom.",
        discussion: "Its pages are sealed one after the other, so a change to an old one does not stay hidden.",
        subcommands: [Verify.self, CheckpointCommand.self, Export.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the whole log again; names the first page that is not as it was sealed.",
            discussion: "With checkpoints kept elsewhere, it also finds a log that was cut off or written anew.")

        @Option(name: .customLong("checkpoint"), help: "A file of checkpoints; may be given several times.")
        var checkpoints: [String] = []
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing {
                let kept = try checkpoints.flatMap { path in
                    let lines = String(decoding: try contents(of: path), as: UTF8.self).split(
                        whereSeparator: \.isNewline)
                    return try lines.map { line in
                        guard let checkpoint = try? JSONDecoder().decode(Checkpoint.self, from: Data(line.utf8)),
                            checkpoint.isGenuine
                        else { throw OpenError("\(path) holds a line that is no checkpoint, or was changed.") }
                        return checkpoint
                    }
                }
                try await carryOut(.verifyAudit(in: house.aim, checkpoints: kept), flags)
            }
        }
    }

    struct CheckpointCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Print the seal of each log's last page, signed.",
            discussion: "Keep it where whoever can change the database cannot, such as with somebody else.")

        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.checkpointAudit(in: house.aim), flags) }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the whole log as JSON, a page a line, to be checked with another program.")

        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            var next = 1
            while let last = try await carryOut(.exportAudit(in: house.aim, from: next), flags).next { next = last }
        }
    }
}
