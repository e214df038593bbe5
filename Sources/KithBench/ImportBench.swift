import Foundation

/// `kith import` of real files into a new database, as a whole process.
struct ImportBench {
    let program: String
    let folder: String

    func run() throws {
        guard FileManager.default.fileExists(atPath: folder) else {
            print("no files at \(folder): not measured")
            return
        }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("kith-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let database = "sqlite://\(scratch.path)/kith.sqlite"
        try call([
            "organization", "add", "--name", "Bench", "--slug", "bench", "--time-zone", "America/New_York", "--program",
            "Caregivers", "--administrator", "Ada Adler", "--database", database
        ])
        let start = ContinuousClock.now
        try call(["import", folder, "--database", database])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(String(format: "import of %@: %.2f s", (folder as NSString).lastPathComponent, seconds))
    }

    private func call(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }
}
