import ArgumentParser
import Foundation
import Web

/// `kith-bench`: figures of this machine, in release mode. What waits for the disk stands next to what the disk could do
/// in the same minute.
@main
struct KithBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kith-bench", abstract: "Measures Kith on this machine.",
        discussion: """
            Run through `make bench`, which builds for release and starts a private PostgreSQL. Prints Markdown for \
            docs/performance.md. Ends with exit code 1 when a request failed, and with --strict when a limit was missed.
            """)

    enum Part: String, ExpressibleByArgument, CaseIterable {
        case all, storage, pages, `import`
        /// Measures nothing: fills `folder` with what `scripts/bench-chat` measures.
        case chatRooms = "chat-rooms"
    }

    @Option(help: "What to measure.") var what = Part.all
    @Option(help: "Seconds per measurement.") var seconds = 5
    @Option(help: "Referrals on the smaller board; the larger has ten times as many.") var referrals = 50_000
    @Option(help: "Messages in the shorter conversation; the longer has ten times as many.") var messages = 10_000
    @Option(help: "Live connections that wait.") var streams = 1_000
    @Option(help: "The kith program to serve with.") var program = ".build/release/kith"
    @Option(help: "A folder with FHIR files for the import.") var files = "../shared/data/synthetic-patients"
    @Option(help: "Where the databases go for a while: a folder on the disk to be measured.") var folder = "var/bench"
    @Option(help: "An empty PostgreSQL database for chat-rooms, in place of a file.") var database: String?
    @Flag(help: "A limit that is missed is a failure.") var strict = false

    func validate() throws {
        guard seconds > 0, referrals > 0, messages > 0, streams > 0 else {
            throw ValidationError("Sizes and seconds must be 1 or more.")
        }
    }

    func run() async throws {
        OpenFiles.raiseLimit()
        if what == .chatRooms { return try await ChatRooms.fill(URL(fileURLWithPath: folder), database: database) }
        let report = Report()
        let place = URL(fileURLWithPath: folder).appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        report.open()
        if what == .all || what == .storage { try await StorageBench(folder: place).run(report) }
        if what == .all || what == .pages {
            let bench = PageBench(
                program: program, seconds: seconds, referrals: referrals, messages: messages, streams: streams,
                folder: place)
            try await bench.run(report)
        }
        if what == .all || what == .import {
            try ImportBench(program: program, files: files, folder: place).run(report)
        }
        try end(report)
    }

    private func end(_ report: Report) throws {
        if report.failures > 0 { Report.tell("\(report.failures) requests failed: these figures count for nothing.") }
        if report.misses > 0 { Report.tell("\(report.misses) limits were missed.") }
        if report.failures > 0 || strict && report.misses > 0 { throw ExitCode(1) }
    }
}
