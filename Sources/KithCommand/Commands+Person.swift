import ArgumentParser
import Foundation
import Kith
import Storage

struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "What Kith knows of one person.", subcommands: [Copy.self, Erase.self])

    struct Copy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down everything about one person, as text and as FHIR.",
            discussion: "They can do the same by themselves, on their page about privacy.")

        @Argument(help: "Their sign-in name, name or number.") var person: String
        @Option(help: "The folder to write record.txt and record.fhir.json to.") var to: String
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing {
                let outcome = try await carryOut(.copyPerson(in: house.aim, person: person), flags)
                try write(outcome.files, to: to)
            }
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take somebody's record away for good, and print a certificate for them.",
            discussion: """
                Ends what runs, deletes names, ways to reach them, wishes and sign-in, and destroys the key of all their
                texts: also in backups, as far as older copies of kith.keys are gone. What is part of the log or of a
                supporter's work stays as times, counts and codes. Make sure first that they asked for it, and that no
                law asks you to keep the record.
                """)

        @Argument(help: "Their sign-in name, name or number.") var person: String
        @Flag(help: "Really do it; there is no way back.") var really = false
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func validate() throws {
            guard really else { throw ValidationError("There is no way back from this. Say so with --really.") }
        }

        func run() async throws { try await carryOut(.erase(in: house.aim, person: person), flags) }
    }
}

/// Writes files for their owner only, into a folder that is made if need be.
func write(_ files: [String: String], to folder: String) throws {
    do {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, text) in files {
            let path = "\(folder)/\(name)"
            guard
                FileManager.default.createFile(
                    atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { throw OpenError("\(path) cannot be written.") }
        }
    } catch let error as OpenError {
        throw error
    } catch {
        throw OpenError("The folder \(folder) cannot be written.")
    }
}
