import Kith
import Storage
import Testing

@testable import KithCommand

@Suite("Settings of meetings by video")
struct VideoSettingsTests {
    private func read(_ given: [SettingName: String]) throws -> VideoServers { try VideoServers.read { given[$0] } }

    @Test("A relay, several addresses of it, and a Jitsi server")
    func complete() throws {
        #expect(try read([:]) == VideoServers())
        let addresses = "turn:turn.example.org:3478, turns:turn.example.org:5349?transport=tcp"
        let video = try read([
            .turnAddress: addresses, .turnSecret: "north", .stunAddress: "stun:turn.example.org:3478",
            .jitsiAddress: "https://meet.example.org", .jitsiApp: "kith", .jitsiSecret: "south"
        ])
        #expect(video.relay?.addresses == addresses.split(separator: ", ").map(String.init))
        #expect(video.finders == ["stun:turn.example.org:3478"])
        #expect(video.signs("https://meet.example.org/table") && !video.signs("https://other.example.org/table"))
    }

    @Test(
        "What is only half set, or no address, is refused in words that tell no secret",
        arguments: [
            [SettingName.turnAddress: "turn:turn.example.org"], [.turnSecret: "hunter2"],
            [.turnAddress: "turn.example.org", .turnSecret: "hunter2"],
            [.turnAddress: "turn://turn.example.org", .turnSecret: "hunter2"],
            [.turnAddress: "stun:turn.example.org", .turnSecret: "hunter2"], [.stunAddress: "turn:a.example.org"],
            [.jitsiAddress: "https://meet.example.org", .jitsiApp: "kith"],
            [.jitsiAddress: "https://meet.example.org/", .jitsiApp: "kith", .jitsiSecret: "hunter2"],
            [.jitsiAddress: "http://meet.example.org", .jitsiApp: "kith", .jitsiSecret: "hunter2"]
        ])
    func refused(given: [SettingName: String]) {
        do {
            _ = try read(given)
            Issue.record("taken: \(given)")
        } catch {
            #expect(error is OpenError && !"\(error)".contains("hunter2"), "\(error)")
        }
    }
}
