import Crypto
import Foundation
import Synchronization

/// The master keys of an installation. They stand outside the database, so that a copy of it is not enough to read what
/// people wrote: every person's texts have a key of their own, and that key is kept wrapped by a master key.
package final class Vault: Sendable {
    /// 256 bits, named by their fingerprint.
    package struct MasterKey: Sendable, Equatable {
        /// Eight hexadecimal digits of a hash of the key: names it and tells nothing of it.
        package let name: String
        fileprivate let key: SymmetricKey
        /// As it stands in the file.
        fileprivate let text: String

        /// - Parameter bytes: 32 of them, that nobody can guess; nil for any other number.
        package init?(_ bytes: [UInt8]) {
            guard bytes.count == 32 else { return nil }
            key = SymmetricKey(data: bytes)
            text = Data(bytes).base64EncodedString()
            name = String(Secret(presented: "master key:" + text).hash.prefix(8))
        }
    }

    private let held: Mutex<[MasterKey]>
    private let reload: @Sendable () -> [MasterKey]

    /// - Parameters:
    ///   - keys: the newest first: it wraps what is new, the others only unwrap.
    ///   - reload: asked for the keys as they are now when one is needed that is not here, because another process
    ///     has begun to use it.
    package init(_ keys: [MasterKey] = [], reload: @escaping @Sendable () -> [MasterKey] = { [] }) {
        held = Mutex(keys)
        self.reload = reload
    }

    /// The newest first.
    package var keys: [MasterKey] { held.withLock { $0 } }

    /// Goes on with other keys.
    package func adopt(_ keys: [MasterKey]) { held.withLock { $0 = keys } }

    /// Goes on with the keys as they are now, where they come from.
    package func refresh() {
        let fresh = reload()
        if !fresh.isEmpty { adopt(fresh) }
    }

    private func key(named name: Substring) -> MasterKey? {
        if let key = keys.first(where: { $0.name == name }) { return key }
        let fresh = reload()
        guard let key = fresh.first(where: { $0.name == name }) else { return nil }
        adopt(fresh)
        return key
    }

    /// Reads the text of a key file: one key a line in base64, the newest first; lines that begin with # are remarks.
    /// - Returns: nil when a line is no key, or there is none.
    package static func keys(inFile text: String) -> [MasterKey]? {
        var keys: [MasterKey] = []
        for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingCharacters(in: .whitespaces) })
        where !line.isEmpty && !line.hasPrefix("#") {
            guard let bytes = Data(base64Encoded: line), let key = MasterKey(Array(bytes)) else { return nil }
            keys.append(key)
        }
        return keys.isEmpty ? nil : keys
    }

    /// The text of a key file, as ``keys(inFile:)`` reads it.
    package static func file(of keys: [MasterKey]) -> String {
        """
        # Kith's master keys, the newest first. Without them nobody can read what people wrote.
        # Keep a copy of this file, apart from the copies of the database.

        """ + keys.map(\.text).joined(separator: "\n") + "\n"
    }

    /// A key wrapped by the newest master key: its name, a dot, and what AES-GCM makes of it.
    /// - Parameter owner: whose it is; bound to it, so that nobody's key can be put in another's place.
    func wrap(_ key: SymmetricKey, of owner: String) throws -> String {
        guard let master = keys.first else { throw Fault("there is no master key") }
        let bytes = key.withUnsafeBytes { Array($0) }
        return try master.name + "." + AES.GCM.sealed(bytes, with: master.key, bound: owner)
    }

    /// - Throws: a ``Fault`` when the master key is not here, or `wrapped` is damaged or somebody else's.
    func unwrap(_ wrapped: String, of owner: String) throws -> SymmetricKey {
        let parts = wrapped.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let master = key(named: parts[0]) else {
            throw Fault("a key is wrapped by a master key that is not here")
        }
        guard let key = AES.GCM.opened(String(parts[1]), with: master.key, bound: owner) else {
            throw Fault("a wrapped key is damaged")
        }
        return SymmetricKey(data: key)
    }
}

extension AES.GCM {
    /// `bytes` encrypted and bound to `context`: nonce, ciphertext and tag in base64.
    static func sealed(_ bytes: [UInt8], with key: SymmetricKey, bound context: String) throws -> String {
        let box = try seal(bytes, using: key, authenticating: Array(context.utf8))
        guard let combined = box.combined else { throw Fault("AES-GCM made no combined form") }
        return combined.base64EncodedString()
    }

    /// What ``sealed(_:with:bound:)`` was given; nil when anything of it was changed, or it was made for another context.
    static func opened(_ text: String, with key: SymmetricKey, bound context: String) -> [UInt8]? {
        guard let combined = Data(base64Encoded: text), let box = try? SealedBox(combined: combined) else { return nil }
        return (try? open(box, using: key, authenticating: Array(context.utf8))).map(Array.init)
    }
}
