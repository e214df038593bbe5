import Foundation
import Kith
import Storage

/// The pages people wait for, at sizes a site may reach, and ten times that.
struct PageBench {
    let program: String
    let seconds: Int
    let referrals: Int
    let messages: Int
    let streams: Int
    let folder: URL

    func run(_ report: Report) async throws {
        report.section("Pages and messages over HTTP, on SQLite")
        pinLoadToTheOtherCore()
        let usual = try await size(1, report)
        let tenfold = try await size(10, report)
        report.add(compare("board", usual.board, tenfold.board))
        report.add(compare("conversation", usual.conversation, tenfold.conversation))
    }

    private struct Laps {
        let board: PageLaps
        let conversation: PageLaps
    }

    /// Measures a site of the usual size, or so many times that; throughput and memory only of the usual one.
    private func size(_ factor: Int, _ report: Report) async throws -> Laps {
        let (referrals, messages) = (referrals * factor, messages * factor)
        Report.tell("Building a site of \(referrals) referrals and \(messages) messages.")
        let path = folder.appendingPathComponent("pages-\(factor).sqlite").path
        let town = try await BenchTown.build(at: path, referrals: referrals, messages: messages)
        Report.tell("Measuring it.")
        // On a server that has done nothing else yet, or its memory would tell of that.
        if factor == 1 { try serve(path) { try idleStreams(town, $0, report) } }
        var (laps, sent): (Laps?, PageLaps?)
        try serve(path) { server in
            laps = try open(town, server, report, factor: factor)
            if factor == 1 { try throughput(town, server, report) }
        }
        if factor == 1 {
            try serve(path, cores: nil) { sent = try send(town, $0, report) }
        }
        if let sent { try await count(sent, in: path, report, besides: messages) }
        guard let laps else { throw BenchError(description: "nothing was measured") }
        return laps
    }

    private func serve(_ path: String, cores: String? = "0", _ body: (ServerProcess) throws -> Void) throws {
        let server = try ServerProcess(program: program, database: path, cores: cores)
        defer { server.stop() }
        try body(server)
    }

    /// At a steady pace, as people come.
    private func open(_ town: BenchTown, _ server: ServerProcess, _ report: Report, factor: Int) throws -> Laps {
        func steady(_ what: String, _ path: String, _ session: String) throws -> PageLaps {
            let request = HTTPRequestText.get(path, session: session)
            let first = try Load.closed(port: server.port, connections: 1, seconds: 1) { _, _ in request }
            var laps = try Load.open(port: server.port, rate: 50, seconds: seconds * 2) { _ in request }
            laps.failures += first.failures
            var figure = laps.figure("\(what), 50/s")
            if factor == 1 { figure.limit = Figure.Limit("p99 under 25 ms at 50/s", laps.percentile(0.99) < 25) }
            report.add(figure)
            return laps
        }
        return Laps(
            board: try steady("board, \(referrals * factor) referrals", "/board", town.coordinator),
            conversation: try steady(
                "conversation, \(messages * factor) messages", "/conversations/\(town.longConversation)",
                town.supporter))
    }

    /// Flat: ten times the data cost at most half as much again in the middle, and the slowest of a hundred keep to the
    /// same limit; their ratio alone says more of what else this machine did.
    private func compare(_ what: String, _ usual: PageLaps, _ tenfold: PageLaps) -> Figure {
        let middle = tenfold.percentile(0.5) / usual.percentile(0.5)
        let end = tenfold.percentile(0.99) / usual.percentile(0.99)
        return Figure(
            what: "\(what), tenfold data", note: String(format: "p50 × %.2f, p99 × %.2f", middle, end),
            limit: Figure.Limit(
                "flat: p50 × 1.5, p99 under 25 ms", middle <= 1.5 && tenfold.percentile(0.99) < 25))
    }

    private func throughput(_ town: BenchTown, _ server: ServerProcess, _ report: Report) throws {
        for (name, path, session) in [
            ("board", "/board", town.coordinator), ("today", "/today", town.supporter),
            ("home", "/home", town.participant),
            ("conversation", "/conversations/\(town.longConversation)", town.supporter)
        ] {
            let request = HTTPRequestText.get(path, session: session)
            let laps = try Load.closed(port: server.port, connections: 16, seconds: seconds) { _, _ in request }
            var figure = laps.figure("\(name), as fast as one core can")
            figure.limit = Figure.Limit("3,000 signed-in pages/s", (figure.perSecond ?? 0) >= 3_000)
            report.add(figure)
        }
    }

    private func send(_ town: BenchTown, _ server: ServerProcess, _ report: Report) throws -> PageLaps {
        let (senders, disk) = (town.senders, try DiskRate.measure(in: folder))
        let laps = try Load.closed(port: server.port, connections: 64, seconds: seconds) { caller, number in
            message(from: senders[caller % senders.count], caller, number)
        }
        var figure = laps.figure("durable messages from 64 senders, all cores")
        figure.disk = disk
        figure.limit = Figure.Limit("5,000 durable messages/s", (figure.perSecond ?? 0) >= 5_000)
        report.add(figure)
        return laps
    }

    private func message(from sender: BenchTown.Sender, _ caller: Int, _ number: Int) -> [UInt8] {
        let id = World.identifier(
            at: World.real().now(), withUnsafeBytes(of: UInt64(caller) << 32 | UInt64(number), Array.init))
        return HTTPRequestText.post(
            "/conversations/\(sender.conversation)/messages", session: sender.session,
            form: "form-token=\(sender.formToken)&message=\(id)&body=Good+morning.+How+was+the+night%3F")
    }

    /// What was answered as sent must be there.
    private func count(_ sent: PageLaps, in path: String, _ report: Report, besides before: Int) async throws {
        let store = try Store.open(.sqlite(path: path))
        // One more was sent to the live connections.
        let kept = try await store.read { try $0.value("SELECT count(*) FROM message", as: Int.self) ?? 0 } - before - 1
        await store.close()
        report.add(
            Figure(
                what: "of these, kept when the server had stopped", note: "\(kept) of \(sent.times.count)",
                failures: abs(sent.times.count - kept)))
    }

    /// So many people with a conversation open, and nobody writes; then somebody does, and it must arrive.
    private func idleStreams(_ town: BenchTown, _ server: ServerProcess, _ report: Report) throws {
        let before = server.megabytes
        var open: [HTTPConnection] = []
        var failures = 0
        for number in 0..<streams {
            let sender = town.senders[number % town.senders.count]
            let connection = try HTTPConnection(port: server.port)
            try connection.send(
                HTTPRequestText.get("/conversations/\(sender.conversation)/events", session: sender.session))
            if try connection.readHead().status != 200 { failures += 1 }
            open.append(connection)
        }
        sleep(2)
        let megabytes = server.megabytes
        let sender = try HTTPConnection(port: server.port)
        try sender.send(message(from: town.senders[0], 1 << 20, 0))
        if try sender.status() != 200 { failures += 1 }
        if failures == 0 {
            for number in stride(from: 0, to: streams, by: town.senders.count) { try open[number].event("message") }
        }
        report.add(
            Figure(
                what: "\(streams) idle live connections", note: "\(megabytes) MB (\(before) MB before)",
                failures: failures, limit: Figure.Limit("under 150 MB with 1,000", megabytes < 150)))
        withExtendedLifetime(open) {}
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
