import ArgumentParser
import Foundation
import Kith

struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "What Kith knows of one person.", subcommands: [Erase.self])

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
