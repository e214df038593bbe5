import Foundation
import Kith
import Storage
import WebAuthn

extension FuzzTarget {
    private static let now = Instant("2026-03-02T14:00:00.000Z") ?? Instant(milliseconds: 0)

    /// A world that stands still, with a key that everybody may know.
    private static let world: World = {
        var world = World(now: { now }, newIdentifier: { "" }, randomBytes: { [UInt8](repeating: 7, count: $0) })
        world.linkKey = Secret(Array(1...32))
        return world
    }()

    /// Links that are their own proof, identifiers, and the letters that binary data is written in.
    static let signedLink = FuzzTarget("signed-link") { bytes in
        let text = text(bytes)
        for purpose in [SignedLink.Purpose.status, .asked, .progress, .stop] {
            guard let link = try? SignedLink(purpose, token: text, in: world) else { continue }
            try promise("a link is good only as it was made", link.token(in: world).utf8.elementsEqual(text.utf8))
            try promise("and only until it ends", world.now() < link.expires)
        }
        if let id = Organization.ID(untrusted: text) { try promise("an identifier is one", id.text.utf8.count == 36) }
        if let bytes = [UInt8](base64URL: text) {
            try promise("bytes have one spelling", Secret(bytes).text.utf8.elementsEqual(text.utf8))
        }
        if let keys = Vault.keys(inFile: text) {
            try promise("keys are written and read", Vault.keys(inFile: Vault.file(of: keys)) == keys)
        }
    }

    /// What browsers and authenticators send of a passkey.
    static let passkey = FuzzTarget("passkey") { bytes in
        WebAuthnParsers.readAll(bytes)
        if let value = try? CBOR(bytes) {
            let written = canonical(value)
            try promise("a value has one spelling", written.count == bytes.count)
            try promise("what is written is read as the same", (try? CBOR(written)) == value)
        }
        if let key = try? COSEKey(bytes) { _ = key.verifies(bytes, over: bytes) }
        // A signature behind what the authenticator said, as a browser sends both.
        for cut in [bytes.count, max(0, bytes.count - 64)] {
            guard let data = try? AuthenticatorData(Array(bytes[..<cut])), let made = data.credential else { continue }
            try promise("a credential has a name", 1...1_023 ~= made.id.count)
            try promise("its key can be kept", (try? COSEKey(made.keyBytes)) != nil)
            _ = made.key.verifies(Array(bytes[cut...]), over: Array(bytes[..<cut]))
        }
    }

    /// CBOR's shortest spelling, by the book (RFC 8949, section 4.2.1), except for the order in maps.
    private static func canonical(_ value: CBOR) -> [UInt8] {
        func head(_ major: UInt8, _ number: UInt64) -> [UInt8] {
            if number < 24 { return [major << 5 | UInt8(number)] }
            let (short, width): (UInt8, Int) =
                number < 1 << 8 ? (24, 1) : number < 1 << 16 ? (25, 2) : number < 1 << 32 ? (26, 4) : (27, 8)
            let bytes = (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
            return [major << 5 | short] + bytes
        }
        switch value {
        case .integer(let number): return number < 0 ? head(1, UInt64(-1 - number)) : head(0, UInt64(number))
        case .bytes(let bytes): return head(2, UInt64(bytes.count)) + bytes
        case .text(let text): return head(3, UInt64(text.utf8.count)) + Array(text.utf8)
        case .array(let items): return head(4, UInt64(items.count)) + items.flatMap(canonical)
        case .map(let fields):
            return head(5, UInt64(fields.count)) + fields.flatMap { canonical($0.key) + canonical($0.value) }
        case .boolean(let flag): return [flag ? 0xf5 : 0xf4]
        case .null: return [0xf6]
        }
    }

    private static let vault = Vault(Vault.MasterKey(Array(1...32)).map { [$0] } ?? [])

    /// A file of a backup, and what stands in one of its chunks once that is open.
    static let backup = FuzzTarget("backup") { bytes in
        var chunk = BackupReader.Chunk(bytes: Data(bytes), table: nil)
        var items = 0
        while (try? chunk.next(orThrow: OpenError("damaged"))) != nil { items += 1 }
        try promise("each item takes a byte at least", items <= bytes.count)
        // Anything else is refused by its first letters, so that trying each would only cost time.
        guard bytes.starts(with: Data("KITH".utf8)) else { return }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("kith-fuzz-\(UUID()).backup")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        for part in [Backup.Part.data, .keys] {
            do {
                let reader = try BackupReader(file.path, part: part, vault)
                try promise("it is the part that was asked for", reader.header.part == part)
                try reader.read { _ in }
            } catch is OpenError {}
        }
    }
}
