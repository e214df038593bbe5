import ArgumentParser
import Foundation
import Kith
import Storage

/// Carries out an order: on the database, or through the server that holds it.
private func carryOut(_ order: Order, _ flags: SettingFlags) async throws {
    try await failing {
        let settings = try await Settings.read(flags.database.map { ["database": $0] } ?? [:], config: flags.config)
        let outcome: Order.Outcome
        if case .sqlite(let path) = settings.database, settings.database.isHeldElsewhere {
            outcome = try ControlSocket.send(order, database: path)
        } else {
            let platform = try await Platform.open(settings.database)
            do {
                outcome = try await order.perform(on: platform)
            } catch {
                await platform.store.close()
                throw error
            }
            await platform.store.close()
        }
        FileHandle.standardOutput.write(Data(outcome.output.utf8))
        if outcome.code != 0 { throw ExitCode(outcome.code) }
    }
}

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in FHIR R4: Bundles, single resources, NDJSON.",
        discussion: "Prints what became of each file. A second run takes nothing in twice.")

    @Argument(help: "Files, or folders whose files are taken.") var files: [String]
    @Option(help: "The organization's short name; may be left out where there is one.") var organization = ""
    @Option(help: "The program's name; may be left out where there is one.") var program = ""
    @Flag(help: "Print the report as JSON.") var json = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await failing {
            try await carryOut(
                .importFiles(organization: organization, program: program, files: try read(), asJSON: json), flags)
        }
    }

    private func read() throws -> [Order.File] {
        try files.flatMap { path -> [String] in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw OpenError("There is no file \(path).")
            }
            guard isFolder.boolValue else { return [path] }
            let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
            return names.map { path + "/" + $0 }.filter {
                var inner: ObjCBool = false
                return FileManager.default.fileExists(atPath: $0, isDirectory: &inner) && !inner.boolValue
            }
        }.map { path in
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw OpenError("This user may not read \(path).")
            }
            return Order.File(name: path, bytes: bytes)
        }
    }
}

struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "People and their ways in.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a person with a role, and print the way in to hand to them.")

        @Option(help: "Their name.") var name: String
        @Option(help: "participant, supporter, coordinator, supervisor, referrer or administrator.") var role: String
        @Option(help: "The organization's short name.") var organization = ""
        @Option(help: "The program's name.") var program = ""
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await carryOut(.addUser(organization: organization, program: program, name: name, role: role), flags)
        }
    }
}

struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization", abstract: "Organizations.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open an organization with its first program and administrator.")

        @Option(help: "Its name.") var name: String
        @Option(help: "A short name for addresses, such as riverside.") var slug: String
        @Option(help: "Its time zone, such as America/New_York.") var timeZone: String
        @Option(help: "The name of its first program.") var program: String
        @Option(help: "The name of its administrator.") var administrator: String
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await carryOut(
                .addOrganization(
                    name: name, slug: slug, timeZone: timeZone, program: program, administrator: administrator), flags)
        }
    }
}

struct PartnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "Organizations that send people.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an organization that sends people, and print its FHIR bearer token.")

        @Option(help: "Its name.") var name: String
        @Option(help: "The organization's short name.") var organization = ""
        @Option(help: "The program it sends people to.") var program = ""
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await carryOut(.addPartner(organization: organization, program: program, name: name), flags)
        }
    }
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for anything that was started and forgotten.",
        discussion: "Everything that starts has an owner, a due date and an end. The number found must be zero.")

    @Flag(help: "Print the result as JSON.") var json = false
    @OptionGroup var flags: SettingFlags

    func run() async throws { try await carryOut(.check(asJSON: json), flags) }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prepare the database for this version. `kith serve` does so by itself.")

    @Flag(help: "Only say what would be done.") var dryRun = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await failing {
            let settings = try await Settings.read(flags.database.map { ["database": $0] } ?? [:], config: flags.config)
            let store = try Store.open(settings.database)
            let migrations = everyFeature.flatMap(\.migrations)
            let ids =
                dryRun
                ? try await store.pendingMigrations(migrations).map(\.id)
                : try await store.migrate(migrations, at: World.real().now().description)
            await store.close()
            print(
                ids.isEmpty
                    ? "Nothing to do." : ids.map { (dryRun ? "would apply " : "applied ") + $0 }.joined(separator: "\n")
            )
        }
    }
}
