import ArgumentParser
import Foundation

/// `kith-bench`: figures of this machine, in release mode. Each run measures the disk in the same minute.
@main
struct KithBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kith-bench", abstract: "Measures Kith on this machine.",
        discussion: "Run through `make bench`, which builds for release and starts a private PostgreSQL.")

    @Option(help: "storage, pages, import, or all.") var what = "all"
    @Option(help: "Seconds per measurement.") var seconds = 5
    @Option(help: "The kith program to serve with.") var program = ".build/release/kith"
    @Option(help: "A folder with FHIR files for the import.") var files = "../shared/data/synthetic-patients"

    func run() async throws {
        if what == "all" || what == "storage" {
            print("\nStorage")
            print(StorageBench.table(try await StorageBench().run()))
        }
        if what == "all" || what == "pages" {
            print("\nPages (server on one core, load from another)")
            try await PageBench(program: program, seconds: seconds).run()
        }
        if what == "all" || what == "import" {
            print("\nImport")
            try ImportBench(program: program, folder: files).run()
        }
    }
}
