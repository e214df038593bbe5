import Foundation
import Kith

/// Something the command line asks of the data: done here, or by the server that holds the database.
enum Order: Codable, Sendable {
    case addOrganization(name: String, slug: String, timeZone: String, program: String, administrator: String)
    case addSite(in: Aim, name: String)
    case addProgram(in: Aim, name: String, summary: String, site: String, eligibility: String, topics: [String])
    case addPartner(in: Aim, name: String)
    case showPolicy(in: Aim)
    case publishPolicy(in: Aim, text: Data)
    case publishConsent(in: Aim, purpose: String, language: String, text: String)
    case addUser(in: Aim, name: String, role: String)
    case giveRole(in: Aim, person: String, role: String)
    case endRole(in: Aim, person: String, role: String)
    case endUser(in: Aim, person: String)
    case resetSecondFactor(in: Aim, person: String)
    case showSignInRules(in: Aim)
    case setSignInRule(in: Aim, rule: SignInRuleChange)
    case newWayIn(in: Aim, person: String)
    case importFiles(in: Aim, files: [File], asJSON: Bool)
    case explainAccess(in: Aim, person: String, item: String, viewer: String?)
    case check(asJSON: Bool)
    case examine
    case copyPerson(in: Aim, person: String)
    case exportPart(in: Aim, ExportPart)
    case erase(in: Aim, person: String)
    case backUp(to: String)
    case noteDrill(BackupDrill)
    case rewrapKeys
    case verifyAudit(in: Aim, checkpoints: [Checkpoint])
    case checkpointAudit(in: Aim)
    case exportAudit(in: Aim, from: Int)

    /// The organization by its short name and the program by its name; either may be left out where there is only one.
    struct Aim: Codable, Sendable {
        var organization = ""
        var program = ""
    }

    struct File: Codable, Sendable {
        let name: String
        let bytes: Data
    }

    /// A part of an organization's export, so that no answer grows with all of it.
    enum ExportPart: Codable, Sendable {
        /// The numbers of everybody, and the names of all tables.
        case list
        case person(String)
        case table(String)
    }

    /// What came of it.
    struct Outcome: Codable, Sendable {
        /// The result, for standard output.
        var output = ""
        /// Files to write where the order was given, by name.
        var files: [String: String] = [:]
        /// Talk, for standard error: why it failed, or what else is worth knowing.
        var error: String?
        var code: Int32 = 0
        /// Where to go on, when there is more of it.
        var next: Int?
    }

    /// How many files it takes in; nil when that is not what it does.
    var files: Int? {
        if case .importFiles(_, let files, _) = self { files.count } else { nil }
    }

    /// Whether it may begin with a database that is not there yet.
    var begins: Bool {
        if case .addOrganization = self { true } else { false }
    }

    /// Where an order is carried out.
    struct Bench: Sendable {
        let platform: Platform
        /// The address people type; ways in begin with it.
        let address: String
        /// Told how much of a long order is done.
        var progress: @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
        /// Those of the Kith that serves; nil where none does.
        var settings: Settings?

        func write<T: Sendable>(
            _ house: Organization.ID, _ work: @escaping @Sendable (Writing) throws -> T
        ) async throws -> T {
            try await platform.write(as: .system(house), access: .anyone, work)
        }

        func read<T: Sendable>(
            _ house: Organization.ID, _ work: @escaping @Sendable (Reading) throws -> T
        ) async throws -> T {
            try await platform.read(as: .system(house), access: .anyone, work)
        }

        /// The whole address with which somebody comes in.
        func wayIn(_ secret: Secret) -> String { "\(address)/invitations/\(secret.text)" }
    }

    func perform(on bench: Bench) async throws -> Outcome {
        switch self {
        case .addOrganization(let name, let slug, let timeZone, let program, let administrator):
            try await bench.addOrganization(name, slug, timeZone, program, administrator)
        case .addSite(let aim, let name): try await bench.addSite(aim, name)
        case .addProgram(let aim, let name, let summary, let site, let eligibility, let topics):
            try await bench.addProgram(aim, name, summary, site, eligibility, topics)
        case .addPartner(let aim, let name): try await bench.addPartner(aim, name)
        case .showPolicy(let aim): try await bench.showPolicy(aim)
        case .publishPolicy(let aim, let text): try await bench.publishPolicy(aim, text)
        case .publishConsent(let aim, let purpose, let language, let text):
            try await bench.publishConsent(aim, purpose, language, text)
        case .addUser(let aim, let name, let role): try await bench.addUser(aim, name, role)
        case .giveRole(let aim, let person, let role): try await bench.giveRole(aim, person, role)
        case .endRole(let aim, let person, let role): try await bench.endRole(aim, person, role)
        case .endUser(let aim, let person): try await bench.endUser(aim, person)
        case .resetSecondFactor(let aim, let person): try await bench.resetSecondFactor(aim, person)
        case .showSignInRules(let aim): try await bench.showSignInRules(aim)
        case .setSignInRule(let aim, let change): try await bench.setSignInRule(aim, change)
        case .newWayIn(let aim, let person): try await bench.newWayIn(aim, person)
        case .importFiles(let aim, let files, let asJSON): try await bench.importFiles(aim, files, asJSON)
        case .explainAccess(let aim, let person, let item, let viewer):
            try await bench.explainAccess(aim, person, item, viewer)
        case .check(let asJSON): try await bench.check(asJSON)
        case .examine: try await bench.examine()
        case .copyPerson(let aim, let person): try await bench.copy(aim, person)
        case .exportPart(let aim, let part): try await bench.export(aim, part)
        case .erase(let aim, let person): try await bench.erase(aim, person)
        case .backUp(let folder): try await bench.backUp(folder)
        case .noteDrill(let drill): try await bench.note(drill)
        case .rewrapKeys: try await bench.rewrapKeys()
        case .verifyAudit(let aim, let checkpoints): try await bench.verifyAudit(aim, checkpoints)
        case .checkpointAudit(let aim): try await bench.checkpointAudit(aim)
        case .exportAudit(let aim, let first): try await bench.exportAudit(aim, first)
        }
    }
}
