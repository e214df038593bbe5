internal import Foundation
internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// The certificate and the key with which the server proves to browsers that it is the site they asked for. Read from
/// files at the start, and again whenever somebody has renewed them, without a restart.
package final class ServerCertificate: Sendable {
    /// Why a certificate cannot be used, as one sentence for the operator.
    package struct Unusable: Error, CustomStringConvertible, Equatable {
        package let description: String
    }

    private struct Pair: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
        /// Seconds since 1970.
        let end: Int
    }

    /// What tells one version of a file from the next.
    private struct Mark: Equatable {
        let inode: UInt64
        let size: Int
        let changed: Date

        init?(_ path: String) {
            guard let found = try? FileManager.default.attributesOfItem(atPath: Self.end(of: path)) else { return nil }
            inode = (found[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
            size = (found[.size] as? NSNumber)?.intValue ?? 0
            changed = found[.modificationDate] as? Date ?? .distantPast
        }

        /// Programs that renew certificates leave links that lead to the newest.
        private static func end(of path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    }

    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<(pair: Pair, marks: [Mark?])>

    /// - Parameters:
    ///   - certificate: the path of a PEM file: the site's own certificate first, then those that lead to its issuer.
    ///   - key: the path of a PEM file with the private key, without a passphrase. Nobody but the owner and the group
    ///     may read it.
    package init(certificate: String, key: String) throws(Unusable) {
        (certificatePath, keyPath) = (certificate, key)
        current = Mutex((try Self.read(certificate, key, at: Date()), [Mark(certificate), Mark(key)]))
    }

    /// Reads the files again. New connections get what was found; where it cannot be used, they get what there was.
    /// - Parameter unless: leaves everything as it is when neither file has changed.
    /// - Returns: whether it was read.
    @discardableResult
    package func reload(onlyIfChanged: Bool = false) throws(Unusable) -> Bool {
        let marks = [Mark(certificatePath), Mark(keyPath)]
        if onlyIfChanged, current.withLock({ $0.marks == marks }) { return false }
        do {
            let pair = try Self.read(certificatePath, keyPath, at: Date())
            current.withLock { $0 = (pair, marks) }
            return true
        } catch {
            // Said once, not with every look at files that stay as they are.
            current.withLock { $0.marks = marks }
            throw error
        }
    }

    /// The moment from which it is no longer good, in seconds since 1970.
    package var end: Int { current.withLock { $0.pair.end } }

    /// TLS 1.2 or later, with ciphers that keep what was said secret even if the key is stolen later. Each handshake
    /// uses what was read last.
    var configuration: TLSConfiguration {
        let pair = current.withLock { $0.pair }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: pair.chain, privateKey: pair.key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        configuration.sslContextCallback = { [self] _, promise in
            let pair = current.withLock { $0.pair }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = pair.chain
            override.privateKey = pair.key
            promise.succeed(override)
        }
        return configuration
    }

    private static func read(_ certificate: String, _ key: String, at now: Date) throws(Unusable) -> Pair {
        try checkReadable(certificate, "certificate")
        try checkReadable(key, "certificate's key")
        try checkPrivate(key)
        guard let chain = try? NIOSSLCertificate.fromPEMFile(certificate), let leaf = chain.first else {
            throw Unusable(description: "\(certificate) holds no certificate in PEM form.")
        }
        guard let read = try? NIOSSLPrivateKey(file: key, format: .pem) else {
            throw Unusable(description: "\(key) holds no private key in PEM form without a passphrase.")
        }
        let (start, end) = (leaf.notValidBefore, leaf.notValidAfter)
        let moment = time_t(now.timeIntervalSince1970)
        if moment >= end { throw Unusable(description: "The certificate \(certificate) expired on \(day(end)).") }
        if moment < start {
            throw Unusable(description: "The certificate \(certificate) is good from \(day(start)) only.")
        }
        let pair = Pair(chain: chain.map { .certificate($0) }, key: .privateKey(read), end: Int(end))
        let trial = TLSConfiguration.makeServerConfiguration(certificateChain: pair.chain, privateKey: pair.key)
        guard (try? NIOSSLContext(configuration: trial)) != nil else {
            throw Unusable(description: "The key \(key) does not belong to the certificate \(certificate).")
        }
        return pair
    }

    private static func checkReadable(_ path: String, _ what: String) throws(Unusable) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Unusable(description: "There is no file \(path) for the \(what).")
        }
        guard FileManager.default.contents(atPath: path) != nil else {
            throw Unusable(description: "This user may not read the \(what) in \(path).")
        }
    }

    private static func checkPrivate(_ path: String) throws(Unusable) {
        var found = stat()
        guard stat(path, &found) == 0, found.st_mode & 0o007 != 0 else { return }
        throw Unusable(
            description: "Others on this machine may read the key \(path). Take that away: chmod o= \(path)")
    }

    private static func day(_ time: time_t) -> String {
        Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601.year().month().day())
    }
}
