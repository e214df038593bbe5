import ArgumentParser

struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "People and their ways in.",
        subcommands: [Add.self, RoleCommand.self, Password.self, End.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a person with a role, and print the way in to hand to them.")

        @Option(help: "Their name.") var name: String
        @Option(help: "participant, supporter, coordinator, supervisor, referrer or administrator.") var role: String
        @OptionGroup var aim: AimFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.addUser(in: aim.aim, name: name, role: role), flags) }
    }

    struct RoleCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "What somebody may do in a program.", subcommands: [Give.self, Stop.self])

        struct Give: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "add", abstract: "Give somebody a further role.")

            @Argument(help: "Their sign-in name, name or identifier.") var person: String
            @Option(help: "supporter, coordinator, supervisor, referrer or administrator.") var role: String
            @OptionGroup var aim: AimFlags
            @OptionGroup var flags: SettingFlags

            func run() async throws { try await carryOut(.giveRole(in: aim.aim, person: person, role: role), flags) }
        }

        struct Stop: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "end", abstract: "End one role of somebody. What they did in it stays.")

            @Argument(help: "Their sign-in name, name or identifier.") var person: String
            @Option(help: "The role that ends.") var role: String
            @OptionGroup var aim: AimFlags
            @OptionGroup var flags: SettingFlags

            func run() async throws { try await carryOut(.endRole(in: aim.aim, person: person, role: role), flags) }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new way in for somebody who cannot get in.",
            discussion: "They choose their own password there. It works once; the old password works until then.")

        @Argument(help: "Their sign-in name, name or identifier.") var person: String
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.newWayIn(in: house.aim, person: person), flags) }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End somebody's access at once: every role, session and way in.",
            discussion: "What they wrote and did stays. With a new role and a new way in they can come back.")

        @Argument(help: "Their sign-in name, name or identifier.") var person: String
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.endUser(in: house.aim, person: person), flags) }
    }
}
