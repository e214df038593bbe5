import Foundation
import Glibc

/// `kith serve` as a process of its own; usually on the first core, so that the load does not sit on the server's chair.
final class ServerProcess {
    let port: Int
    private let process = Process()

    /// - Parameter cores: those it may use, as `taskset` counts them; nil: all, which it then shares with the load.
    init(program: String, database: String, cores: String? = "0") throws {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchError(description: "there is no program \(program)")
        }
        port = try HTTPConnection.freePort()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = [
            "-c", cores ?? "0-\(ProcessInfo.processInfo.processorCount - 1)", program, "serve", "--database",
            "sqlite://\(database)", "--port", "\(port)"
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<200 {
            guard process.isRunning else { throw BenchError(description: "the server ended at once") }
            if let connection = try? HTTPConnection(port: port) {
                try connection.send(Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                if try connection.status() == 200 { return }
            }
            usleep(50_000)
        }
        stop()
        throw BenchError(description: "the server did not start")
    }

    /// Resident memory in megabytes.
    var megabytes: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
