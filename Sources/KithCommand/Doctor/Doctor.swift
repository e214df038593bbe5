import Foundation
import Kith
import Storage

/// Looks whether an installation is as it should be. Changes nothing, sends nothing, and shows neither secrets nor
/// people.
struct Doctor: Sendable {
    let settings: Settings
    var now = World.real().now()

    /// - Parameter store: the store of the Kith that serves; nil: it is opened here, if it may be.
    func examine(_ store: Store? = nil) async -> DoctorReport {
        var checks: [Finding] = []
        var facts: DatabaseFacts?
        do {
            if let store {
                facts = try await DatabaseFacts(of: store, steps: everyFeature.flatMap(\.migrations))
            } else {
                facts = try await openAndAsk()
            }
        } catch {
            checks.append(.act(.database, sentence(for: error), "Mend that first; the checks of what it holds wait."))
        }
        checks.insert(Self.version(facts?.engine), at: 0)
        if let facts {
            checks += [Self.migrations(facts), Self.durability(facts.engine), Self.clock(facts, now: now)]
        } else if checks.count == 1 {
            checks.append(
                .note(.database, "There is no database yet.", "kith serve makes it, and prints how to set up."))
        }
        checks += disks()
        checks += [files(), masterKey(facts)]
        if let facts { checks += backups(facts) }
        checks += [await mail(), text(), certificate()]
        if let facts { checks.append(Self.administrators(facts)) }
        checks.append(sampleData())
        return DoctorReport(version: KithProgram.version, checks: checks)
    }

    /// - Returns: nil where there is no database yet.
    private func openAndAsk() async throws -> DatabaseFacts? {
        guard settings.database.isThere else { return nil }
        if case .sqlite(let path) = settings.database, let owner = FileFacts(path)?.owner, owner != geteuid() {
            // SQLite would leave files of this user beside it, which its owner cannot open then.
            throw OpenError("The database \(path) is another user's.")
        }
        let store = try Store.open(settings.database, creating: false, readers: 1)
        let result: Result<DatabaseFacts, any Error>
        do {
            result = .success(try await DatabaseFacts(of: store, steps: everyFeature.flatMap(\.migrations)))
        } catch {
            result = .failure(error)
        }
        await store.close()
        return try result.get()
    }

    static func version(_ engine: EngineFacts?) -> Finding {
        guard let engine else { return .ok(.version, "Kith \(KithProgram.version).") }
        let (name, least) = engine.engine == .sqlite ? ("SQLite", [3, 40]) : ("PostgreSQL", [15])
        let short = String(engine.version.prefix { $0 != " " })
        let numbers = short.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        let found = "Kith \(KithProgram.version), \(name) \(short)."
        guard !numbers.lexicographicallyPrecedes(least) else {
            return .act(
                .version, found,
                "Kith needs \(name) \(least.map(String.init).joined(separator: ".")) or later; bring it up to date.")
        }
        return .ok(.version, found)
    }

    static func migrations(_ facts: DatabaseFacts) -> Finding {
        if facts.isNew {
            return .note(
                .migrations, "There is no Kith in this database yet.",
                "kith serve begins one, and prints how to set up.")
        }
        guard let first = facts.pending.first else { return .ok(.migrations, "The database is of this version.") }
        return .act(
            .migrations, "The database is from an earlier Kith: \(facts.pending.count) steps wait, from “\(first)” on.",
            "Start kith serve anew, or run kith migrate; either copies the database first.")
    }

    static func durability(_ engine: EngineFacts) -> Finding {
        let said = engine.durability.map { "\($0.name) is \($0.value)" }.joined(separator: ", ")
        let weak = engine.durability.filter { setting in
            switch engine.engine {
            case .sqlite: !["full", "extra"].contains(setting.value)
            case .postgres: setting.value == "off"
            }
        }
        guard let first = weak.first else { return .ok(.durability, "What is acknowledged is on the disk: \(said).") }
        return .act(
            .durability, "A power cut can lose what people were told is kept: \(said).",
            engine.engine == .sqlite
                ? "Start Kith anew; it syncs each commit, or refuses to serve."
                : "Set \(first.name) to on in the server's configuration, and reload it.")
    }

    /// Sessions, links and the log go by the clock.
    static func clock(_ facts: DatabaseFacts, now: Instant) -> Finding {
        let todo = "Set the clock right, and keep it so with NTP: sessions, links and the log go by it."
        if let server = facts.engine.clock {
            let apart = Int(server - now.milliseconds) / 1_000
            if abs(apart) > 5 {
                let which = apart > 0 ? "behind" : "ahead of"
                return .act(
                    .clock, "This machine's clock is \(abs(apart).asSpan) \(which) the database server's.", todo)
            }
        }
        guard let newest = facts.newestEvent else {
            return .ok(.clock, "It is \(now) here; nothing to compare it with.")
        }
        let ahead = Int((newest.milliseconds - now.milliseconds) / 1_000)
        guard ahead <= 5 else {
            return .act(.clock, "The clock is \(ahead.asSpan) behind what the newest event says.", todo)
        }
        return .ok(.clock, "The newest event is \((-ahead).asSpan) old.")
    }

    static func administrators(_ facts: DatabaseFacts) -> Finding {
        guard !facts.houses.isEmpty else {
            return .note(
                .administrators, "There is no organization yet.", "Open the set-up link that kith serve prints.")
        }
        let few = facts.houses.filter { $0.administrators < 2 }
        guard !few.isEmpty else { return .ok(.administrators, "Each organization has two or more.") }
        let said = few.map { "\($0.slug) has \($0.administrators == 0 ? "none" : "1")" }.joined(separator: ", ")
        return .act(
            .administrators, "Too few who can sign in: \(said).",
            "Add a second with kith user add --role administrator, so that one can leave.")
    }
}
