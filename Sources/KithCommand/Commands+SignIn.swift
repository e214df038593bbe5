import ArgumentParser
import Kith

struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "What an organization asks of whoever signs in.",
        subcommands: [Show.self, Set.self, Reset.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the rule for each role.")

        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.showSignInRules(in: house.aim), flags) }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change the rule for one or more roles.",
            discussion: """
                Whoever lacks a second factor that their role requires sets one up at once, and gets nothing else before.
                """)

        @Option(name: .customLong("role"), help: "A role; may be given several times.") var roles: [String]
        @Option(help: "required or optional.") var secondFactor: SecondFactorWish?
        @Option(help: "For how many hours somebody stays signed in at most.") var hours: Int?
        @Option(help: "After how many quiet minutes they are signed out, or none.") var idle: String?
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            let change = SignInRuleChange(
                roles: roles, needsSecondFactor: secondFactor.map { $0 == .required }, hours: hours, idle: idle)
            try await carryOut(.setSignInRule(in: house.aim, rule: change), flags)
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take away a second factor that somebody lost.",
            discussion: "Make sure first that it is really them who asks: call them at a number you know.")

        @Argument(help: "Their sign-in name, name or identifier.") var person: String
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.resetSecondFactor(in: house.aim, person: person), flags) }
    }
}

enum SecondFactorWish: String, ExpressibleByArgument {
    case required, optional
}
