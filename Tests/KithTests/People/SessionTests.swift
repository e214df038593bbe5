import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Sessions")
struct SessionTests {
    /// Signs Ben in as the sign-in page does.
    private func open(_ village: Village) async throws -> Credential {
        let secret = village.platform.world.newSecret()
        let door = Session.Door(organization: village.riverside.organization, person: village.ben.id, hash: "none")
        try await village.platform.write(as: .nobody, access: .anyone) {
            _ = try Session.open(for: door, secret: secret, in: $0)
        }
        return .session(tokenHash: secret.hash)
    }

    @Test("A supporter's session ends after thirty days", arguments: TestEngine.available)
    func expires(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let session = try await open(village)
            func person() async throws -> Person.ID { try await village.platform.read(as: session) { try $0.me } }
            #expect(try await person() == village.ben.id)
            village.clock.advance(minutes: 30 * 24 * 60 - 1)
            #expect(try await person() == village.ben.id)
            village.clock.advance(minutes: 1)
            await #expect(throws: Problem.signInNeeded) { try await person() }
            await #expect(throws: Problem.signInNeeded) {
                try await village.platform.write(as: session) { try Session.end(tokenHash: "none", in: $0) }
            }
        }
    }

    @Test("A disabled account is out at once, and does not come in again", arguments: TestEngine.available)
    func disabled(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let session = try await open(village)
            func person() async throws -> Person.ID { try await village.platform.read(as: session) { try $0.me } }
            func hasDoor() async throws -> Bool {
                try await village.platform.read(as: .nobody, access: .anyone) {
                    try Session.door(login: "ben@riverside.example", in: $0) != nil
                }
            }
            #expect(try await person() == village.ben.id)
            #expect(try await hasDoor())
            try await village.platform.store.write { [ben = village.ben.id] writer in
                try writer.run("UPDATE account SET disabled_at = '2026-03-02T14:00:00.000Z' WHERE person_id = \(ben)")
            }
            await #expect(throws: Problem.signInNeeded) { try await person() }
            #expect(try await hasDoor() == false)
            // Nobody else is.
            #expect(try await village.read(as: village.bao) { try $0.me } == village.bao.id)
        }
    }

    @Test("A form without its own session's token changes nothing", arguments: TestEngine.available)
    func formToken(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            let others = village.ben.session.derived(for: "form").text
            try await village.browsing { browser in
                let cleo = browser(village.cleo)
                func post(_ token: String?) async throws -> HTTPResponse.Status {
                    let key = village.platform.world.newIdentifier()
                    let body = "message=\(key)&body=Hello" + (token.map { "&form-token=\($0)" } ?? "")
                    let headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
                    return try await cleo.send("\(pair.path)/messages", .post, body, headers).status
                }
                for token in [nil, "", "forged", others] {
                    let status = try await post(token)
                    #expect(status == .conflict)
                }
                #expect(try await village.count("SELECT count(*) FROM message") == 0)
                // The premise: it is the token that was missing.
                #expect(try await post(village.cleo.session.derived(for: "form").text) == .seeOther)
                #expect(try await village.count("SELECT count(*) FROM message") == 1)
            }
        }
    }
}
