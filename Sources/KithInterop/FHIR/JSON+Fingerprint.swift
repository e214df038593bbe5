import Crypto
import FHIR

extension JSON {
    /// SHA-256 of the value with the members of every object in the order of their names, in hexadecimal: the same for
    /// the same content, however a sender happened to write it.
    var fingerprint: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in SHA256.hash(data: canonical.bytes()) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private var canonical: JSON {
        switch self {
        case .object(let object):
            .object(
                Object(distinct: object.members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value.canonical) }))
        case .array(let items): .array(items.map(\.canonical))
        case .string, .number, .bool, .null: self
        }
    }
}
