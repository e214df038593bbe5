import ArgumentParser
import Kith

struct ExplainAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain-access",
        abstract:
            "Say who may see something of a person, by which rule and since when, who has, and why nobody else may.",
        discussion: "Items: \(Item.allCases.map(\.rawValue).joined(separator: ", ")).")

    @Argument(help: "Whose it is: their sign-in name, name or identifier.") var person: String
    @Argument(help: "What of theirs.") var item: String
    @Option(help: "Only about this person: their sign-in name, name or identifier.") var viewer: String?
    @OptionGroup var house: HouseFlags
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await carryOut(.explainAccess(in: house.aim, person: person, item: item, viewer: viewer), flags)
    }
}
