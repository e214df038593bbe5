import Testing

@testable import Web

@Suite("Where a request came from")
struct PeerAddressTests {
    @Test(
        "Addresses are read as proxies write them",
        arguments: [
            ("192.0.2.7", "c0000207"), (" 192.0.2.7 ", "c0000207"), ("192.0.2.7:443", "c0000207"),
            ("::ffff:192.0.2.7", "c0000207"), ("2001:db8::7", "20010db800000000"),
            ("[2001:db8::7]:443", "20010db800000000"), ("2001:DB8:0:0:1::", "20010db800000000")
        ])
    func reads(text: String, network: String) {
        #expect(PeerAddress(text)?.network == network)
    }

    @Test("Anything else is none", arguments: ["", "unknown", "192.0.2", "192.0.2.700", "_hidden", "1.2.3.4.5"])
    func refuses(text: String) {
        #expect(PeerAddress(text) == nil)
    }

    @Test("Two addresses of one IPv6 network are two addresses and one network")
    func network() {
        let (one, two) = (PeerAddress("2001:db8::1"), PeerAddress("2001:db8::2"))
        #expect(one != nil && one != two && one?.network == two?.network)
        #expect(PeerAddress("2001:db8:0:1::1")?.network != one?.network)
        #expect(PeerAddress("192.0.2.7:80") == PeerAddress("::ffff:192.0.2.7"))
    }

    @Test("The limit on open files is raised as far as it may be")
    func openFiles() {
        let limit = OpenFiles.raiseLimit()
        #expect(limit > 0 && OpenFiles.raiseLimit() == limit)
    }
}
