import FHIR
import Foundation

/// Published FHIR files that nobody here wrote. They are not part of the repository: tests that read them are skipped
/// where the folder is absent.
enum SharedData {
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let named = ProcessInfo.processInfo.environment["KITH_SHARED_DATA"].map { URL(filePath: $0) }
        let folder = named ?? package.appending(path: "../shared/data").standardized
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var isPresent: Bool { folder != nil }
    static let whySkipped = "needs the shared test data: set KITH_SHARED_DATA or put it in ../shared/data"

    struct File: Sendable, CustomStringConvertible {
        let name: String
        let bytes: [UInt8]
        var description: String { name }
    }

    /// The JSON files of a set, in the order of their names.
    static func files(_ set: String) throws -> [File] {
        guard let folder else { return [] }
        let directory = folder.appending(path: set)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".json") }
            .sorted()
            .map { File(name: $0, bytes: [UInt8](try Data(contentsOf: directory.appending(path: $0)))) }
    }

    /// Published sets in which every file is valid R4.
    static let validSets = [
        "synthetic-patients", "fhir-bser", "fhir-gravity-sdohcc", "fhir-r4-core", "fhir-us-core-7.0.0"
    ]
}
