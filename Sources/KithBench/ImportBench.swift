import Foundation

/// `kith import` of real files into a new database, as a whole process.
struct ImportBench {
    let program: String
    /// A folder with files as they are published.
    let files: String
    let folder: URL

    func run(_ report: Report) throws {
        report.section("Import")
        let name = (files as NSString).lastPathComponent
        guard FileManager.default.fileExists(atPath: files) else {
            return report.skip("import of \(name)", because: "not measured: no files")
        }
        let database = "sqlite://\(folder.path)/import.sqlite"
        _ = try call([
            "organization", "add", "--name", "Bench", "--slug", "bench", "--time-zone", "America/New_York", "--program",
            "Caregivers", "--administrator", "Ada Adler", "--database", database
        ])
        let disk = try DiskRate.measure(in: folder)
        let start = ContinuousClock.now
        let answer = try call(["import", files, "--json", "--database", database])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let verdicts = try JSONDecoder().decode(Answer.self, from: answer).files.map(\.verdict)
        let taken = verdicts.count { $0 == "taken" }
        guard taken > 0 else { throw BenchError(description: "the import took in none of \(verdicts.count) files") }
        report.add(
            Figure(
                what: "import of \(name), whole process",
                note: String(format: "%.2f s, %d of %d files taken", seconds, taken, verdicts.count), disk: disk,
                limit: Figure.Limit("under 5 s", seconds < 5)))
    }

    /// What `kith import --json` prints.
    private struct Answer: Decodable {
        struct File: Decodable { let verdict: String }
        let files: [File]
    }

    /// Runs the program and returns what it prints.
    /// - Throws: when it ends with anything but 0.
    private func call(_ arguments: [String]) throws -> Data {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let order = arguments.prefix(2).joined(separator: " ")
            throw BenchError(description: "kith \(order) ended with exit code \(process.terminationStatus)")
        }
        return printed
    }
}
