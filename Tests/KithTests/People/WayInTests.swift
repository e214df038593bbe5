import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Ways in")
struct WayInTests {
    private static let password = "four quiet words at dawn"

    @Test(
        "A new way in leads to a new password, which nobody else chose; old sessions end",
        arguments: TestEngine.available)
    func renewal(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let ben = village.ben
            try await village.browsing { browser in
                let letter = try await browser(village.ada).post("/people/\(ben.id)/way-in")
                #expect(letter.status == .created)
                let path = try #require(letter.text.firstMatch(of: /\/invitations\/[\w-]+/)).output
                // Until it is used, nothing changes.
                #expect(try await browser(ben).get("/today").status == .ok)
                let page = try await browser(nil).get(String(path))
                #expect(page.text.contains("ben@riverside.example") && !page.text.contains("name=\"login\""))
                let easy = try await browser(nil).post(String(path), ["password": "short"])
                #expect(easy.status == .unprocessableContent)
                let done = try await browser(nil).post(String(path), ["password": Self.password])
                #expect(done.status == .seeOther && done.headers[.setCookie]?.contains("session=") == true)
                #expect(try await browser(ben).get("/today").location?.hasPrefix("/sign-in") == true)
                let signIn = ["login": "ben@riverside.example", "password": Self.password]
                #expect(try await browser(nil).post("/sign-in", signIn).status == .seeOther)
                // It works once.
                #expect(try await browser(nil).post(String(path), ["password": Self.password]).status == .notFound)
            }
        }
    }

    @Test("A later way in ends an earlier one", arguments: TestEngine.available)
    func latest(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let ben = village.ben.id
            for token in ["first", "second"] {
                try await village.write(as: village.ada) {
                    try Invitation.renew(for: ben, secret: Secret(presented: token), in: $0)
                }
            }
            let open = try await village.platform.read(as: .nobody, access: .anyone) { db in
                ["first", "second"].map { token in
                    (try? Invitation.open(Secret(presented: token).hash, in: db)) != nil
                }
            }
            #expect(open == [false, true])
        }
    }

    @Test("Whoever has an account is not invited a second time", arguments: TestEngine.available)
    func second(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let story = try await village.play(in: village.riverside)
            try await village.browsing { browser in
                let answer = try await browser(village.ana).post("/referrals/\(story.referral)/invitation")
                #expect(answer.status == .conflict)
                #expect(answer.text.contains("has an account already"))
            }
        }
    }

    @Test("No way in to what its maker may not see", arguments: TestEngine.available)
    func elsewhere(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (house, ben) = (village.riverside, village.ben.id)
            try await village.endOtherAdministration()
            try await village.write(asSystemOf: house) {
                try Person.give(.supporter, in: house.otherProgram, to: ben, of: house.organization, in: $0)
            }
            await #expect(throws: Problem.conflict("person.elsewhere")) {
                try await village.write(as: village.ada) {
                    try Invitation.renew(for: ben, secret: Secret(presented: "x"), in: $0)
                }
            }
            try await village.browsing { browser in
                for other in [village.hillside.administrator, village.ana] {
                    let answer = try await browser(other).post("/people/\(ben)/way-in")
                    #expect([.notFound, .forbidden].contains(answer.status))
                }
            }
        }
    }
}
