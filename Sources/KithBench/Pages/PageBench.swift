import Foundation
import Kith
import Storage

/// The pages people wait for, at sizes a site may reach, and ten times that.
struct PageBench {
    let program: String
    let seconds: Int

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        pinLoadToTheOtherCore()
        try await disk(folder)
        for (referrals, messages) in [(50_000, 10_000), (500_000, 100_000)] {
            let database = folder.appendingPathComponent("\(referrals).sqlite").path
            let town = try await BenchTown.build(at: database, referrals: referrals, messages: messages)
            let server = try ServerProcess(program: program, database: database, port: 18_480)
            defer { server.stop() }
            try measure(town, server, referrals: referrals, messages: messages)
            if referrals == 50_000 {
                try throughput(town, server)
                try idleStreams(town, server)
            }
        }
        try await disk(folder)
    }

    private func measure(_ town: BenchTown, _ server: ServerProcess, referrals: Int, messages: Int) throws {
        let board = HTTPRequestText.get("/board", session: town.coordinator)
        _ = try Load.closed(port: server.port, connections: 1, seconds: 1) { _, _ in board }
        let boardLaps = try Load.open(port: server.port, rate: 50, seconds: seconds * 2) { _ in board }
        print("board over \(referrals) referrals, 50/s          ", boardLaps.text)
        let talk = HTTPRequestText.get("/conversations/\(town.longConversation)", session: town.supporter)
        _ = try Load.closed(port: server.port, connections: 1, seconds: 1) { _, _ in talk }
        let talkLaps = try Load.open(port: server.port, rate: 50, seconds: seconds * 2) { _ in talk }
        print("conversation of \(messages) messages, 50/s       ", talkLaps.text)
    }

    private func throughput(_ town: BenchTown, _ server: ServerProcess) throws {
        for (name, path, session) in [
            ("board, as fast as one core can", "/board", town.coordinator),
            ("today, as fast as one core can", "/today", town.supporter),
            ("home, as fast as one core can", "/home", town.participant),
            ("conversation, as fast as one core can", "/conversations/\(town.longConversation)", town.supporter)
        ] {
            let request = HTTPRequestText.get(path, session: session)
            let laps = try Load.closed(port: server.port, connections: 16, seconds: seconds) { _, _ in request }
            print(name.padding(toLength: 44, withPad: " ", startingAt: 0), laps.text)
        }
        let senders = town.senders
        let laps = try Load.closed(port: server.port, connections: 64, seconds: seconds) { caller, number in
            let sender = senders[caller % senders.count]
            let id = World.identifier(at: World.real().now(), withUnsafeBytes(of: UInt64(caller) << 32 | UInt64(number), Array.init))
            return HTTPRequestText.post(
                "/conversations/\(sender.conversation)/messages", session: sender.session,
                form: "form-token=\(sender.formToken)&id=\(id)&body=Good+morning.+How+was+the+night%3F")
        }
        print("durable messages, 64 senders                ", laps.text)
    }

    private func idleStreams(_ town: BenchTown, _ server: ServerProcess) throws {
        let before = server.megabytes
        var open: [HTTPConnection] = []
        for number in 0..<1_000 {
            let sender = town.senders[number % town.senders.count]
            let connection = try HTTPConnection(port: server.port)
            try connection.send(HTTPRequestText.get("/conversations/\(sender.conversation)/events", session: sender.session))
            _ = try connection.readHead()
            open.append(connection)
        }
        sleep(2)
        print("1,000 idle live connections                  \(server.megabytes) MB (before: \(before) MB)")
        withExtendedLifetime(open) {}
    }

    private func disk(_ folder: URL) async throws {
        let line = try DiskRate.measure(in: folder)
        print(String(format: "disk: %.0f syncs/s, p99 %.2f ms", line.perSecond, line.worstOfHundred ?? 0))
    }

    /// The server has core 0; everything here goes to the others.
    private func pinLoadToTheOtherCore() {
        let cores = ProcessInfo.processInfo.processorCount
        guard cores > 1 else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["-apc", "1-\(cores - 1)", "\(ProcessInfo.processInfo.processIdentifier)"]
        process.standardOutput = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
    }
}
