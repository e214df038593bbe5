import Foundation

/// Published files that nobody here wrote. They are not part of the repository: tests that read them are skipped where
/// the folder is absent.
enum SharedData {
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let named = ProcessInfo.processInfo.environment["KITH_SHARED_DATA"].map { URL(filePath: $0) }
        let folder = named ?? package.appending(path: "../shared/data").standardized
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var isPresent: Bool { folder != nil }
    static let whySkipped = "needs the shared test data: set KITH_SHARED_DATA or put it in ../shared/data"

    /// The JSON files of a set, in the order of their names.
    static func files(_ set: String) throws -> [(name: String, bytes: [UInt8])] {
        guard let directory = folder?.appending(path: set) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".json") }.sorted()
            .map { ($0, [UInt8](try Data(contentsOf: directory.appending(path: $0)))) }
    }

    static func file(_ set: String, _ name: String) throws -> (name: String, bytes: [UInt8]) {
        guard let file = try files(set).first(where: { $0.name == name }) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return file
    }
}
