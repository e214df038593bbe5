import Foundation
import Glibc
import Storage
import Web

extension Settings {
    /// Refuses to serve in a way that would lay people's records open. One sentence says what, and what to do.
    ///
    /// Looks at settings and at files, and opens neither.
    /// - Parameter environment: where a password for PostgreSQL may stand.
    func checkSafety(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(OpenError) {
        try checkTransport()
        switch database {
        case .sqlite(let path): try Self.checkPrivacy(of: path)
        case .postgres: try database.checkPassword(environment)
        }
    }

    /// - Throws: ``ServerCertificate/Unusable``, in one sentence.
    func loadCertificate() throws -> ServerCertificate? {
        try certificate.map { try ServerCertificate(certificate: $0.chain, key: $0.key) }
    }

    private func checkTransport() throws(OpenError) {
        let isSecure = address.hasPrefix("https://")
        if certificate != nil, !isSecure {
            throw OpenError("With a certificate the address people type must begin with https://, not \(address).")
        }
        if isSecure {
            guard certificate != nil || !trustedProxies.isEmpty || Self.isLoopback(host) else {
                throw OpenError(
                    "The address is https, but what is sent to \(host) is not encrypted. Set --certificate and "
                        + "--certificate-key, or name the proxy that encrypts with --trusted-proxy.")
            }
        } else {
            guard allowsPlainHTTP || Self.isLoopback(host) && Self.isLoopback(Self.host(of: address)) else {
                throw OpenError(
                    "People would send their records to \(address) unencrypted. Use an https address, or, on a network "
                        + "where nobody can listen, set --plain-http yes.")
            }
        }
    }

    /// `http://localhost:8080/x` → `localhost`
    private static func host(of address: String) -> String { URL(string: address)?.host() ?? address }

    /// Whether only programs of this machine can come there.
    private static func isLoopback(_ host: String) -> Bool {
        ["localhost", "::1", "[::1]"].contains(host.lowercased()) || host.hasPrefix("127.")
    }

    /// Kith itself makes files that are its owner's alone; somebody may have opened them since, or copied them here.
    private static func checkPrivacy(of path: String) throws(OpenError) {
        for end in ["", "-wal", "-shm"] where mode(of: path + end) & 0o007 != 0 {
            throw OpenError(
                "Others on this machine may read or change \(path + end). Take that away: chmod o= \(path + end)")
        }
        let folder = (path as NSString).deletingLastPathComponent
        if mode(of: folder) & 0o002 != 0 {
            throw OpenError(
                "Others on this machine may put files into \(folder), where the database is. Use a folder of its own.")
        }
    }

    private static func mode(of path: String) -> mode_t {
        var found = stat()
        return stat(path, &found) == 0 ? found.st_mode : 0
    }
}
