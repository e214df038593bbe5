import ArgumentParser
import Foundation
import Kith
import Storage

/// Carries out an order: on the database, or through the server that holds it.
/// - Parameter quiet: whether its result is for the caller, and not printed.
@discardableResult
func carryOut(_ order: Order, _ flags: SettingFlags, quiet: Bool = false) async throws -> Order.Outcome {
    try await failing {
        let settings = try await flags.read()
        let outcome: Order.Outcome
        if case .sqlite(let path) = settings.database, settings.database.isHeldElsewhere {
            outcome = try ControlSocket.send(order, database: path)
        } else {
            outcome = try await carryOutHere(order, settings)
        }
        if !quiet, !outcome.output.isEmpty { try give(outcome.output) }
        if let error = outcome.error { tell(error) }
        if outcome.code != 0 { throw ExitCode(outcome.code) }
        return outcome
    }
}

private func carryOutHere(_ order: Order, _ settings: Settings) async throws -> Order.Outcome {
    let platform = try await Platform.open(
        settings.database, keys: settings.masterKeys, preparing: order.begins)
    let underWay = UnderWay()
    let watch = Watch(over: order.files) { underWay.look("") }
    defer { watch.end() }
    let bench = Order.Bench(platform: platform, address: settings.address) { underWay.note($0, of: $1, in: "") }
    let result: Result<Order.Outcome, any Error>
    do { result = .success(try await order.perform(on: bench)) } catch { result = .failure(error) }
    await platform.store.close()
    return try result.get()
}

/// The organization and the program an order is about.
struct AimFlags: ParsableArguments {
    @Option(help: "The organization's short name; may be left out where there is one.") var organization = ""
    @Option(help: "The program's name; may be left out where there is one.") var program = ""

    var aim: Order.Aim { Order.Aim(organization: organization, program: program) }
}

/// The organization an order is about.
struct HouseFlags: ParsableArguments {
    @Option(help: "The organization's short name; may be left out where there is one.") var organization = ""

    var aim: Order.Aim { Order.Aim(organization: organization) }
}

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in FHIR R4: Bundles, single resources, NDJSON.",
        discussion: "Prints what became of each file. A second run takes nothing in twice.")

    @Argument(help: "Files, or folders whose files are taken.") var files: [String]
    @Flag(help: "Print the report as JSON.") var json = false
    @OptionGroup var aim: AimFlags
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await failing {
            try await carryOut(.importFiles(in: aim.aim, files: try read(), asJSON: json), flags)
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
        }.map { Order.File(name: $0, bytes: try contents(of: $0)) }
    }
}

/// A file that was named on the command line.
func contents(of path: String) throws -> Data {
    guard FileManager.default.fileExists(atPath: path) else { throw OpenError("There is no file \(path).") }
    guard let bytes = FileManager.default.contents(atPath: path) else {
        throw OpenError("This user may not read \(path).")
    }
    return bytes
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

    @Flag(help: "Try it out, take it back, and say what would be done.") var dryRun = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await failing {
            let settings = try await flags.read()
            let ids: [String]
            if dryRun {
                ids = try await pending(in: settings.database)
            } else {
                let (store, applied) = try await prepare(settings.database, keys: settings.masterKeys, .real())
                await store.close()
                ids = applied
            }
            print(
                ids.isEmpty
                    ? "Nothing to do." : ids.map { (dryRun ? "would apply " : "applied ") + $0 }.joined(separator: "\n")
            )
        }
    }

    /// A database that is not there is not made for the asking.
    private func pending(in database: StoreURL) async throws -> [String] {
        let migrations = everyFeature.flatMap(\.migrations)
        guard database.isThere else { return migrations.map(\.id) }
        let store = try Store.open(database, creating: false)
        let result: Result<[String], any Error>
        do { result = .success(try await store.tryMigrating(migrations)) } catch { result = .failure(error) }
        await store.close()
        return try result.get()
    }
}
