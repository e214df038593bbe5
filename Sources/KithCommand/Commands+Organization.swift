import ArgumentParser
import Foundation
import Storage

struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization", abstract: "Organizations.", subcommands: [Add.self, Export.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down everything about an organization.",
            discussion: """
                For each person a folder with their record as text and as FHIR, every table of the organization as JSON
                lines (texts of people stay sealed there), and the log. Keys, passwords and sessions are left out. What
                it writes can be read by anybody who gets hold of it: keep it accordingly.
                """)

        @Option(help: "The folder to write to.") var to: String
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing {
                let list = try await carryOut(.exportPart(in: house.aim, .list), flags, quiet: true).output
                let items = list.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
                for item in items where item.count == 2 {
                    let isPerson = item[0] == "person"
                    let part: Order.ExportPart = isPerson ? .person(item[1]) : .table(item[1])
                    let files = try await carryOut(.exportPart(in: house.aim, part), flags).files
                    try write(files, to: isPerson ? "\(to)/people/\(item[1])" : "\(to)/tables")
                }
                var (log, next): (String, Int?) = ("", 1)
                while let first = next {
                    let outcome = try await carryOut(.exportAudit(in: house.aim, from: first), flags, quiet: true)
                    log += outcome.output
                    next = outcome.next
                }
                try write(["audit.ndjson": log], to: to)
                print("Wrote \(items.count { $0.first == "person" }) people to \(to).")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open an organization with its first program and administrator.",
            discussion: "Creates and prepares the database when it is new.")

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

struct SiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Places where programs run.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a site.")

        @Option(help: "Its name.") var name: String
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.addSite(in: house.aim, name: name), flags) }
    }
}

struct ProgramCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "program", abstract: "Offers of peer support.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a program.",
            discussion: """
                It begins with the usual policy and the usual words of consent. Whoever administers the organization
                administers it too.
                """)

        @Option(help: "Its name.") var name: String
        @Option(help: "What it offers, in a sentence or two for the public page.") var summary = ""
        @Option(help: "Who it is for, in plain words; shown before somebody asks or refers.") var eligibility = ""
        @Option(help: "The name of the site where it runs.") var site = ""
        @Option(name: .customLong("topic"), help: "What support can be about; may be given several times.")
        var topics: [String] = []
        @OptionGroup var house: HouseFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await carryOut(
                .addProgram(
                    in: house.aim, name: name, summary: summary, site: site, eligibility: eligibility, topics: topics),
                flags)
        }
    }
}

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "How a program judges and times its referrals.",
        subcommands: [Show.self, Publish.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the policy in force, as JSON.")

        @OptionGroup var aim: AimFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.showPolicy(in: aim.aim), flags) }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Publish the next version of a policy.",
            discussion: "Begin with what “kith policy show” prints. Referrals keep the version they were judged by.")

        @Argument(help: "A JSON file.") var file: String
        @OptionGroup var aim: AimFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing { try await carryOut(.publishPolicy(in: aim.aim, text: try contents(of: file)), flags) }
        }
    }
}

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "The words people agree to.", subcommands: [Publish.self])

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Publish the next version of the words for a purpose.",
            discussion: "Plain text with an empty line between paragraphs. What was agreed to keeps its words.")

        @Argument(help: "A text file.") var file: String
        @Option(help: "take-part, share-status, contact-phone, contact-text, contact-email or contact-letter.")
        var purpose: String
        @Option(help: "The language of the words, such as en or es.") var language = "en"
        @OptionGroup var aim: AimFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws {
            try await failing {
                let bytes = try contents(of: file)
                guard let text = String(bytes: bytes, encoding: .utf8) else {
                    throw OpenError("\(file) is not text in UTF-8.")
                }
                try await carryOut(
                    .publishConsent(in: aim.aim, purpose: purpose, language: language, text: text), flags)
            }
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
        @OptionGroup var aim: AimFlags
        @OptionGroup var flags: SettingFlags

        func run() async throws { try await carryOut(.addPartner(in: aim.aim, name: name), flags) }
    }
}
