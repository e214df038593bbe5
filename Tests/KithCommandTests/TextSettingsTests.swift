import Kith
import Storage
import Testing

@testable import KithCommand

@Suite("Settings of text messages that come in")
struct TextSettingsTests {
    private func read(_ given: [SettingName: String]) throws -> TextDesk? { try TextDesk.read { given[$0] } }

    private static let gateway: [SettingName: String] = [
        .textGateway: "https://api.example.com/v1/messages", .textsSecret: "hunter2 hunter2 hunter2"
    ]

    private func with(_ more: [SettingName: String]) -> [SettingName: String] { Self.gateway.merging(more) { $1 } }

    @Test("Nothing set, and what gateways need")
    func complete() throws {
        #expect(try read([:]) == nil)
        let usual = try #require(try read(Self.gateway))
        #expect(usual.form == .json && usual.proof == .bearer("hunter2 hunter2 hunter2"))
        #expect(usual.fields == .init(number: "from", text: "text", id: "id"))
        let twilio = try #require(try read(with([.textsFormat: "form", .textsProof: "twilio"])))
        #expect(twilio.fields == .init(number: "From", text: "Body", id: "MessageSid"))
        #expect(twilio.proof == .twilio("hunter2 hunter2 hunter2"))
        let signed = try #require(
            try read(
                with([
                    .textsProof: "hmac-sha256:X-Signature", .textsOrganization: "riverside", .textsPhone: "555-0100",
                    .textsFields: "number=a.b text=a.c id=d only=a.kind:inbound:sms"
                ])))
        #expect(signed.proof == .hmac(secret: "hunter2 hunter2 hunter2", header: "X-Signature"))
        #expect(signed.fields == .init(number: "a.b", text: "a.c", id: "d", only: ("a.kind", "inbound:sms")))
        #expect(signed.organization == "riverside" && signed.phone == "555-0100")
        #expect(
            try read(with([.textsProof: "basic", .textsSecret: "kith:hunter2 hunter2"]))?.proof
                == .basic("kith:hunter2 hunter2"))
        #expect(try TextDesk.country { _ in nil } == "1" && TextDesk.country { _ in "44" } == "44")
    }

    @Test(
        "What is only half set, or wrong, is refused in words that tell no secret",
        arguments: [
            [SettingName.textsFormat: "xml"], [.textsSecret: "hunter2"], [.textsProof: "basic"],
            [.textsProof: "twilio"],
            [.textsProof: "telnyx"], [.textsProof: "hmac-sha256"], [.textsProof: "none"],
            [.textsFields: "number=a text=b"],
            [.textsFields: "who=a text=b id=c"], [.textsFields: "number=a text=b id=c only=d"]
        ])
    func refused(given: [SettingName: String]) {
        do {
            _ = try read(with(given))
            Issue.record("taken: \(given)")
        } catch {
            #expect(error is OpenError && !"\(error)".contains("hunter2"), "\(error)")
        }
    }

    @Test("Whoever runs several organizations is told to name the one for strangers")
    func strangers() throws {
        let unnamed = try #require(try read(Self.gateway))
        #expect(unnamed.warning(among: []) == nil && unnamed.warning(among: ["riverside"]) == nil)
        #expect(unnamed.warning(among: ["riverside", "hillside"]) != nil)
        let named = try #require(try read(with([.textsOrganization: "riverside"])))
        #expect(named.warning(among: ["riverside", "hillside"]) == nil)
        #expect(named.warning(among: ["hillside"])?.contains("riverside") == true)
    }

    @Test("A secret alone, the rest alone, and countries that are none")
    func alone() {
        #expect(throws: OpenError.self) { try read([.textsSecret: "hunter2 hunter2 hunter2"]) }
        #expect(throws: OpenError.self) { try read([.textsPhone: "555-0100"]) }
        for country in ["", "0", "+44", "1234", "x"] {
            #expect(throws: OpenError.self) { try TextDesk.country { _ in country } }
        }
    }
}
