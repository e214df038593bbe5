import Crypto
import Foundation
import Web

/// How text messages that people send come in: what the gateway sends, and what shows that it is the gateway.
package struct TextDesk: Sendable, Equatable {
    package enum Form: String, Sendable, CaseIterable {
        case json, form
    }

    /// What shows that a request is the gateway's.
    package enum Proof: Sendable, Equatable {
        /// `Authorization: Bearer SECRET`
        case bearer(String)
        /// `Authorization: Basic …`, of `user:password`
        case basic(String)
        /// HMAC-SHA-256 of the body under the secret, in hexadecimal or base64, in this header.
        case hmac(secret: String, header: String)
        /// As Twilio signs: HMAC-SHA-1 of the address and the sorted fields, in base64, in `X-Twilio-Signature`.
        case twilio(String)
        /// As Telnyx signs: Ed25519 of the time, a bar and the body, by this public key in base64.
        case telnyx(String)

        /// Whether the body is part of it.
        package var needsBody: Bool {
            switch self {
            case .bearer, .basic: false
            case .hmac, .twilio, .telnyx: true
            }
        }
    }

    /// Where in what is sent something stands; in JSON with dots: `data.payload.from.phone_number`.
    package struct Fields: Sendable, Equatable {
        package var number: String
        package var text: String
        package var id: String
        /// A field that must have this value, where the gateway sends other news to the same address.
        package var only: (name: String, value: String)?

        package init(number: String, text: String, id: String, only: (name: String, value: String)? = nil) {
            (self.number, self.text, self.id, self.only) = (number, text, id, only)
        }

        package static func == (one: Fields, other: Fields) -> Bool {
            (one.number, one.text, one.id) == (other.number, other.text, other.id)
                && one.only?.name == other.only?.name && one.only?.value == other.only?.value
        }
    }

    package var form: Form
    package var fields: Fields
    package var proof: Proof
    /// The address part of the organization to which numbers that nobody has are told to call; nil: the only one.
    package var organization: String?
    /// The number people call to reach a person.
    package var phone: String?

    package init(
        form: Form, fields: Fields, proof: Proof, organization: String? = nil, phone: String? = nil
    ) {
        self.form = form
        self.fields = fields
        self.proof = proof
        self.organization = organization
        self.phone = phone
    }

    /// Whether a request is the gateway's.
    /// - Parameters:
    ///   - header: a header by its name.
    ///   - address: where it was sent, as the gateway knows it.
    package func isGenuine(
        _ header: (String) -> String?, body: [UInt8], address: String, at now: Instant
    ) -> Bool {
        switch proof {
        case .bearer(let secret): Self.matches(header("Authorization"), "Bearer \(secret)", ignoringCaseOf: 6)
        case .basic(let login):
            Self.matches(
                header("Authorization"), "Basic \(Data(login.utf8).base64EncodedString())", ignoringCaseOf: 5)
        case .hmac(let secret, let name):
            Self.isCode(header(name), of: body, HMAC<SHA256>.self, secret)
        case .twilio(let secret):
            Self.isCode(header("X-Twilio-Signature"), of: signedFields(body, address), HMAC<Insecure.SHA1>.self, secret)
        case .telnyx(let key):
            Self.isSigned(
                header("telnyx-signature-ed25519"), header("telnyx-timestamp"), body: body, by: key, at: now)
        }
    }

    /// Compares without telling by its time how much was right.
    private static func matches(_ given: String?, _ wanted: String, ignoringCaseOf scheme: Int) -> Bool {
        guard let given else { return false }
        let head = given.prefix(scheme).lowercased() == wanted.prefix(scheme).lowercased()
        return Secret(presented: String(wanted.dropFirst(scheme))).matches(String(given.dropFirst(scheme))) && head
    }

    private static func isCode<H: HashFunction>(
        _ given: String?, of bytes: [UInt8], _ kind: HMAC<H>.Type, _ secret: String
    ) -> Bool {
        guard let given else { return false }
        let value = given.hasPrefix("sha256=") ? String(given.dropFirst(7)) : given
        guard let code = Data(base64Encoded: value).flatMap({ $0.count == H.Digest.byteCount ? $0 : nil }) ?? hex(value)
        else { return false }
        let key = SymmetricKey(data: Data(secret.utf8))
        return kind.isValidAuthenticationCode(code, authenticating: bytes, using: key)
    }

    private static func hex(_ text: String) -> Data? {
        let digits = text.utf8.compactMap { UInt8(String(decoding: [$0], as: UTF8.self), radix: 16) }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    private func signedFields(_ body: [UInt8], _ address: String) -> [UInt8] {
        guard let form = try? Web.Form(urlEncoded: body) else { return [] }
        let fields = form.names.flatMap { name in form.all(name).sorted().map { name + $0 } }
        return Array((address + fields.joined()).utf8)
    }

    /// For how many seconds a signed message may be on its way, in both directions.
    private static let signedSeconds: Int64 = 300

    private static func isSigned(
        _ signature: String?, _ time: String?, body: [UInt8], by key: String, at now: Instant
    ) -> Bool {
        guard let signature = signature.flatMap({ Data(base64Encoded: $0) }), let time, let sent = Int64(time),
            let key = Data(base64Encoded: key).flatMap({ try? Curve25519.Signing.PublicKey(rawRepresentation: $0) }),
            (now.milliseconds / 1_000 - signedSeconds...now.milliseconds / 1_000 + signedSeconds).contains(sent)
        else { return false }
        return key.isValidSignature(signature, for: Array("\(time)|".utf8) + body)
    }
}
