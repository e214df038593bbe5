import ArgumentParser
import Foundation
import Storage

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "See whether this installation is as it should be.",
        discussion: """
            Clock, disks, mail, backups and their trial, master key, files, durability, versions, certificate. Changes
            nothing, sends nothing, and works while Kith serves: then the Kith that serves looks, with its settings.
            Otherwise, and for PostgreSQL, give it the settings that kith serve has. Ends with 1 when something must be
            done.
            """)

    @Flag(help: "Print the result as JSON.") var json = false
    @OptionGroup var flags: SettingFlags
    @OptionGroup var serving: ServingFlags

    func run() async throws {
        try await failing {
            let settings = try await serving.read(flags)
            let report: DoctorReport
            if case .sqlite(let path) = settings.database, settings.database.isHeldElsewhere {
                report = try Self.asked(of: path)
            } else {
                report = await Doctor(settings: settings).examine()
            }
            try give(json ? report.json : report.text)
            guard report.isWell else { throw ExitCode(1) }
        }
    }

    /// The one who serves looks.
    private static func asked(of database: String) throws -> DoctorReport {
        let outcome = try ControlSocket.send(.examine, database: database)
        guard outcome.code == 0,
            var report = try? JSONDecoder().decode(DoctorReport.self, from: Data(outcome.output.utf8))
        else { throw OpenError("The Kith that serves is another version, or busy with one order; start it anew.") }
        if report.version != KithProgram.version {
            report.checks.insert(
                .act(
                    .version, "Kith \(report.version) serves, and \(KithProgram.version) is installed.",
                    "Start kith serve anew."), at: 0)
        }
        return report
    }
}
