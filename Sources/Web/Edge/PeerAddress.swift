internal import Foundation

/// An IP address that a request came from.
package struct PeerAddress: Sendable, Hashable {
    /// Four bytes or sixteen.
    private let bytes: [UInt8]

    /// Reads `192.0.2.7`, `2001:db8::7`, and both with a port as proxies write them: `192.0.2.7:443`, `[2001:db8::7]:443`.
    /// An IPv4 address in IPv6 clothes is that IPv4 address.
    package init?(_ text: String) {
        var host = Substring(text.trimmingCharacters(in: .whitespaces))
        if host.first == "[" {
            host = host.dropFirst().prefix { $0 != "]" }
        } else if host.contains("."), host.count(where: { $0 == ":" }) == 1 {
            host = host.prefix { $0 != ":" }
        }
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, String(host), &four) == 1 {
            bytes = four
            return
        }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, String(host), &sixteen) == 1 else { return nil }
        let mapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10..<12].allSatisfy { $0 == 255 }
        bytes = mapped ? Array(sixteen[12...]) : sixteen
    }

    /// What limits count by: the whole of an IPv4 address, the first half of an IPv6 address, for whoever has one
    /// address of such a network has all of them.
    package var network: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.prefix(bytes.count == 4 ? 4 : 8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
