import Foundation
import Storage
import Testing

/// The program as it was built, run as a process of its own, the way an operator runs it.
struct BuiltProgram {
    struct Run {
        let code: Int32
        let output: String
        let error: String
    }

    /// Beside the tests, where the build put it.
    private static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let places = [tests] + CommandLine.arguments
        return places.map { ($0 as NSString).deletingLastPathComponent + "/kith" }
            .first { FileManager.default.isExecutableFile(atPath: $0) } ?? ""
    }()

    /// A folder of its own.
    let folder: String
    var file: String { folder + "/kith.sqlite" }
    var database: String { "sqlite://\(file)" }

    /// What lies in the folder, to see that nothing was touched: the bytes of files, and of a database what its tables
    /// hold, since SQLite counts in the file how often it was opened. Locks and logs are not data.
    var contents: [String: String] {
        get async throws {
            var found: [String: String] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
                if [".lock", "-wal", "-shm"].contains(where: name.hasSuffix) { continue }
                let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
                let isDatabase = bytes.starts(with: Data("SQLite format 3\0".utf8))
                found[name] = isDatabase ? await Self.rows("\(folder)/\(name)") : bytes.base64EncodedString()
            }
            return found
        }
    }

    /// The schema, and of Kith the steps and the events: no row changes without one. A disk on which nothing can be
    /// opened is one on which nothing was written.
    private static func rows(_ path: String) async -> String {
        guard let store = try? Store.open(.sqlite(path: path), creating: false) else { return "a database" }
        let found = try? await store.read { reader in
            let tables: [String] = try reader.values("SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY name")
            guard tables.contains(where: { $0.hasPrefix("CREATE TABLE event") }) else { return tables }
            let steps: [String] = try reader.values("SELECT id FROM migration ORDER BY id")
            return try tables + steps + reader.values("SELECT id FROM event ORDER BY id")
        }
        await store.close()
        return found?.joined(separator: "\n") ?? "a database"
    }

    static func with<T>(in folder: String? = nil, _ body: (BuiltProgram) async throws -> T) async throws -> T {
        try #require(!path.isEmpty, "the program is built beside the tests")
        let place = folder ?? FileManager.default.temporaryDirectory.path
        let own = "\(place)/kith_run_\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: own) }
        return try await body(BuiltProgram(folder: own))
    }

    /// Starts it without waiting.
    func start(_ arguments: [String], error: Any? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("KITH_") }
        process.standardError = error ?? FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs it to its end, on the database of this folder unless told otherwise.
    func run(_ arguments: String..., database: String? = nil) throws -> Run {
        let (output, error) = (Pipe(), Pipe())
        let process = try start(arguments + ["--database", database ?? self.database], error: error)
        process.standardOutput = output
        try process.run()
        // What it prints fits in the pipes, so nothing waits.
        process.waitUntilExit()
        func text(_ pipe: Pipe) -> String {
            String(decoding: (try? pipe.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
        }
        return Run(code: process.terminationStatus, output: text(output), error: text(error))
    }

    /// Riverside with its first program, as an operator opens it.
    @discardableResult
    func openRiverside() throws -> Run {
        let opened = try run(
            "organization", "add", "--name", "Riverside", "--slug", "riverside", "--time-zone", "America/New_York",
            "--program", "Caregivers", "--administrator", "Ada Adler")
        try #require(opened.code == 0, "\(opened.error)")
        return opened
    }

    /// Expects one clear sentence on standard error, code 1, and nothing touched.
    func expectRefusal(
        _ reason: String, database: String? = nil, _ arguments: String..., location: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await contents
        let (output, error) = (Pipe(), Pipe())
        let process = try start(arguments + ["--database", database ?? self.database], error: error)
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        let said = String(decoding: try error.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let (code, printed) = (process.terminationStatus, try output.fileHandleForReading.readToEnd() ?? Data())
        let isOneSentence = said.hasPrefix("kith: ") && said.filter { $0 == "\n" }.count == 1
        #expect(code == 1 && isOneSentence, "\(arguments): \(code) \(said)", sourceLocation: location)
        #expect(said.contains(reason), "\(arguments): \(said)", sourceLocation: location)
        #expect(!said.contains("SELECT") && !said.contains("INSERT"), "\(said)", sourceLocation: location)
        #expect(printed.isEmpty, "nothing that looks like a result", sourceLocation: location)
        let isUntouched = try await contents == before
        #expect(isUntouched, "\(arguments) touched something", sourceLocation: location)
    }
}

/// A disk in memory. Only root may mount one.
enum TinyDisk {
    static let isPossible = geteuid() == 0 && run("/usr/bin/mountpoint", "-q", "/")

    static func with(megabytes: Int, _ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/kith_disk_\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try #require(run("/usr/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0700", "tmpfs", path))
        let result: Result<Void, any Error>
        do { result = .success(try await body(path)) } catch { result = .failure(error) }
        _ = run("/usr/bin/umount", "--lazy", path)
        try? FileManager.default.removeItem(atPath: path)
        try result.get()
    }

    static func makeReadOnly(_ path: String) -> Bool { run("/usr/bin/mount", "-o", "remount,ro", path) }

    /// Takes all the room there is.
    static func fill(_ path: String) {
        guard let file = fopen(path + "/filler", "a") else { return }
        defer { fclose(file) }
        setvbuf(file, nil, _IONBF, 0)
        for size in [65_536, 4_096, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while fwrite(block, size, 1, file) == 1 {}
        }
    }

    private static func run(_ program: String, _ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
