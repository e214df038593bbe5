import Kith
import KithTestSupport
import Testing

@testable import Kith

@Suite("What meetings by video stand on")
struct VideoServersTests {
    /// 2 March 2026, 15:00 UTC: 1,772,463,600 seconds.
    private let moment = TestWorld.start.adding(hours: 1)

    @Test("Credentials for the relay are those that coturn makes of the same secret")
    func credentials() {
        // By Python's hmac and base64.
        let relay = VideoServers.Relay(["turn:turn.example.org:3478"], secret: "north")
        let made = relay.credentials(for: "0195cf1e-0000-7000-8000-000000000001", until: moment)
        #expect(made.username == "1772463600:0195cf1e-0000-7000-8000-000000000001")
        #expect(made.password == "H0VxV02S+dRxvwls/DFEYhk4SaA=")
        let other = VideoServers.Relay(["turn:turn.example.org:3478"], secret: "south")
        #expect(other.credentials(for: "0195cf1e-0000-7000-8000-000000000001", until: moment).password != made.password)
    }

    @Test("A token for Jitsi says room, name, who leads and how long, signed by HMAC with SHA-256")
    func token() throws {
        let jitsi = Jitsi("https://meet.example.org", app: "kith", secret: "a secret of theirs")
        let link = try #require(
            try jitsi.link("https://meet.example.org/Long%20Table", for: "Robin", leads: true, at: moment))
        // By Python's hmac, base64 and json.
        let token = """
            eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
            eyJhdWQiOiJqaXRzaSIsImNvbnRleHQiOnsidXNlciI6eyJhZmZpbGlhdGlvbiI6Im93bmVyIiwibW9kZXJhdG9yIjp0cnVlLCJuYW1lIjoi\
            Um9iaW4ifX0sImV4cCI6MTc3MjQ2MzcyMCwiaXNzIjoia2l0aCIsIm1vZGVyYXRvciI6dHJ1ZSwibmJmIjoxNzcyNDYzNTkwLCJyb29tIjoi\
            TG9uZyBUYWJsZSIsInN1YiI6Im1lZXQuZXhhbXBsZS5vcmcifQ.\
            COETJA2mBZUPBgeXvfWeYMrco1CWPjuQo2-iQFSoEqo
            """
        #expect(link == "https://meet.example.org/Long%20Table?jwt=\(token)")
        let member = try jitsi.link("https://meet.example.org/Long%20Table", for: "Robin", leads: false, at: moment)
        #expect(member != link)
    }

    @Test(
        "An address elsewhere gets no token",
        arguments: [
            "https://meet.example.org.evil.example/a", "https://meet.example.org", "https://meet.example.org/",
            "https://meet.example.org/a/b", "http://meet.example.org/a", "https://other.example.org/a"
        ])
    func elsewhere(address: String) throws {
        let jitsi = Jitsi("https://meet.example.org", app: "kith", secret: "s")
        #expect(try jitsi.link("https://meet.example.org/a", for: "R", leads: false, at: moment) != nil)
        #expect(try jitsi.link(address, for: "R", leads: false, at: moment) == nil)
    }
}
