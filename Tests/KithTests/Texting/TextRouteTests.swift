import Crypto
import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The door of the gateway")
struct TextRouteTests {
    private static let body = #"{"from": "+15550100134", "text": "HELP", "id": "m1"}"#

    @Test("Without the setting there is no such address", arguments: TestEngine.available)
    func off(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.carrying().browsing { browser async throws -> Void in
                let answer = try await browser(nil).send(
                    "/text-messages", .post, Self.body, [.authorization: "Bearer \(TextTown.secret)"])
                #expect(answer.status == .notFound)
            }
        }
    }

    @Test("Only the gateway comes in, with a message that is one", arguments: TestEngine.available)
    func door(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let town = TextTown(village)
            try await town.village.browsing { browser async throws -> Void in
                func send(_ body: String, _ proof: String?) async throws -> HTTPResponse.Status {
                    var headers: HTTPFields = [:]
                    if let proof { headers[.authorization] = proof }
                    // A gateway is no browser.
                    if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = "cross-site" }
                    return try await browser(nil).send("/text-messages", .post, body, headers).status
                }
                let right = "Bearer \(TextTown.secret)"
                for wrong in [
                    nil, "", "Bearer", "Bearer x", "Basic \(TextTown.secret)", right + "x", String(right.dropLast())
                ] {
                    #expect(try await send(Self.body, wrong) == .forbidden, "\(wrong ?? "none")")
                }
                #expect(try await send(String(repeating: "x", count: 20_000), right) == .contentTooLarge)
                #expect(try await send("no json", right) == .badRequest)
                for body in [
                    "[]", "{}", #"{"from": "+15550100134", "text": "HELP"}"#,
                    #"{"from": "BANK", "text": "STOP", "id": "x"}"#
                ] {
                    #expect(try await send(body, right) == .unprocessableContent, "\(body)")
                }
                #expect(try await town.count("received") == 0)
                #expect(try await send(Self.body, right) == .noContent)
                #expect(try await send(Self.body, right.replacing("Bearer", with: "bearer")) == .noContent)
            }
            #expect(await town.letters().count == 1)
        }
    }

    @Test("What gateways sign is checked")
    func signatures() throws {
        let body = Array(Self.body.utf8)
        func check(_ proof: TextDesk.Proof, _ headers: [String: String], _ body: [UInt8], form: TextDesk.Form = .json)
            -> Bool
        {
            TextDesk(form: form, fields: .init(number: "From", text: "Body", id: "MessageSid"), proof: proof)
                .isGenuine({ headers[$0] }, body: body, address: "https://a.example/text-messages", at: TestWorld.start)
        }
        let secret = "a secret of the gateway"
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
        let proof = TextDesk.Proof.hmac(secret: secret, header: "X-Sign")
        let hex = code.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
        for spelling in [hex, hex.uppercased(), "sha256=\(hex)", Data(code).base64EncodedString()] {
            #expect(check(proof, ["X-Sign": spelling], body))
            #expect(!check(proof, ["X-Sign": spelling], body + [0x20]) && !check(proof, ["X-Other": spelling], body))
        }
        #expect(!check(proof, ["X-Sign": ""], body) && !check(proof, ["X-Sign": "zz"], body))

        let sent = Array("From=%2B15550100134&Body=HELP+me&MessageSid=SM1".utf8)
        let signed = "https://a.example/text-messagesBodyHELP meFrom+15550100134MessageSidSM1"
        let sha1 = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(signed.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        let twilio = ["X-Twilio-Signature": Data(sha1).base64EncodedString()]
        #expect(check(.twilio(secret), twilio, sent, form: .form))
        #expect(!check(.twilio(secret), twilio, sent + Array("x".utf8), form: .form))

        let key = Curve25519.Signing.PrivateKey()
        let seconds = TestWorld.start.milliseconds / 1_000
        func telnyx(_ time: Int64) throws -> [String: String] {
            let signature = try key.signature(for: Data("\(time)|".utf8) + Data(body))
            return ["telnyx-signature-ed25519": signature.base64EncodedString(), "telnyx-timestamp": "\(time)"]
        }
        let open = TextDesk.Proof.telnyx(key.publicKey.rawRepresentation.base64EncodedString())
        #expect(try check(open, telnyx(seconds - 200), body) && !check(open, telnyx(seconds - 400), body))
        #expect(try !check(open, telnyx(seconds), body + [0x20]) && !check(open, telnyx(.max), body))
        #expect(check(.basic("kith:north"), ["Authorization": "Basic a2l0aDpub3J0aA=="], []))
        #expect(!check(.basic("kith:south"), ["Authorization": "Basic a2l0aDpub3J0aA=="], []))
    }

    @Test("What stands where in a message, and other news of the gateway")
    func fields() throws {
        let telnyx =
            #"{"data":{"event_type":"message.received","payload":{"id":"p1","text":"Sí","#
            + #""from":{"phone_number":"+15550100134"},"to":[{"phone_number":"+1"}]}}}"#
        var desk = TextDesk(
            form: .json,
            fields: .init(
                number: "data.payload.from.phone_number", text: "data.payload.text", id: "data.payload.id",
                only: ("data.event_type", "message.received")), proof: .bearer("x"))
        #expect(
            try IncomingText.read(Array(telnyx.utf8), by: desk) == IncomingText(from: "+15550100134", "Sí", id: "p1"))
        let other = telnyx.replacing("message.received", with: "message.sent")
        #expect(try IncomingText.read(Array(other.utf8), by: desk) == nil)
        desk = TextDesk(form: .json, fields: .init(number: "0.msisdn", text: "0.text", id: "0.id"), proof: .bearer("x"))
        let list = #"[{"msisdn": 447700900123, "text": null, "id": 17}]"#
        #expect(try IncomingText.read(Array(list.utf8), by: desk) == IncomingText(from: "447700900123", "", id: "17"))
    }
}
