import Foundation
import Testing

/// A folder with certificates made for one test, by the program `openssl`.
struct Certificates: Sendable {
    let folder: String

    var certificate: String { folder + "/site.pem" }
    var key: String { folder + "/site.key" }

    /// Makes `site.pem` and `site.key`, good from yesterday to `end`.
    static func with<T>(
        name: String = "first", end: String = "+1 day", _ body: (Certificates) async throws -> T
    ) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.path + "/kith_tls_\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let certificates = Certificates(folder: folder)
        try await certificates.make("site", name: name, end: end)
        return try await body(certificates)
    }

    /// Makes `FILE.pem` and `FILE.key`.
    /// - Parameters:
    ///   - name: the organization in it, which tells one from the next.
    ///   - start: for the program `date`.
    func make(_ file: String, name: String, start: String = "-1 day", end: String = "+1 day") async throws {
        let done = try await Self.run(
            """
            set -e
            cd \(folder)
            printf '%s\\n' '[ca]' default_ca=d '[d]' database=index new_certs_dir=. rand_serial=yes default_md=sha256 \
                policy=p x509_extensions=x unique_subject=no '[p]' commonName=supplied organizationName=supplied \
                '[x]' subjectAltName=DNS:localhost,IP:127.0.0.1 '[req]' distinguished_name=n '[n]' >config
            : >index
            openssl req -config config -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
                -subj '/CN=localhost/O=\(name)' -keyout \(file).key -out request
            openssl ca -batch -config config -selfsign -keyfile \(file).key -in request -notext -out \(file).pem \
                -startdate $(date -u -d '\(start)' +%y%m%d%H%M%SZ) -enddate $(date -u -d '\(end)' +%y%m%d%H%M%SZ)
            chmod 600 \(file).key
            """)
        try #require(done.code == 0, "\(done.output)")
    }

    /// Runs a shell script and returns all it says. On a thread of its own: a server that it asks needs the others.
    @discardableResult
    static func run(_ script: String) async throws -> (code: Int32, output: String) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try wait(for: script) }) }
        }
    }

    private static func wait(for script: String) throws -> (code: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script]
        (process.standardOutput, process.standardError) = (output, output)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
