import Foundation
import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

/// Everything that must end a session, and how it is done.
private enum Ending: String, CaseIterable, Sendable {
    case signOut, signOutEverywhere, newPassword, wayIn, roleTaken, roleGiven, offboarding

    static let words = "four quiet words at dawn"

    func carryOut(_ village: Village, _ ben: TestBrowser) async throws {
        let (house, id) = (village.riverside, village.ben.id)
        switch self {
        case .signOut: #expect(try await ben.post("/sign-out").status == .seeOther)
        case .signOutEverywhere:
            #expect(try await ben.post("/account/sign-outs", ["where": "everywhere"]).location == "/sign-in")
        case .newPassword:
            let form = ["current": Self.words, "password": "five louder words after noon"]
            #expect(try await ben.post("/account/password", form).location == "/account")
        case .wayIn:
            let secret = village.platform.world.newSecret()
            try await village.write(asSystemOf: house) { try Invitation.renew(for: id, secret: secret, in: $0) }
            let came = try await ben.post("/invitations/\(secret.text)", ["password": "five louder words after noon"])
            #expect(came.status == .seeOther)
        case .roleTaken:
            try await village.write(asSystemOf: house) { db in
                try Person.give(.referrer, in: house.otherProgram, to: id, of: house.organization, in: db)
            }
            try await village.signBackIn(village.ben)
            try await village.write(asSystemOf: house) {
                try Person.end(.referrer, in: house.otherProgram, of: id, in: $0)
            }
        case .roleGiven:
            try await village.write(asSystemOf: house) {
                try Person.appoint(id, as: .referrer, in: house.program, db: $0)
            }
        case .offboarding: try await village.write(asSystemOf: house) { try Person.endAccess(of: id, in: $0) }
        }
    }
}

@Suite("What ends a session", .timeLimit(.minutes(35)))
struct SessionEndingTests {
    @Test(
        "It is dead at once, on every page and on what it left open", arguments: TestEngine.available, Ending.allCases)
    fileprivate func dead(engine: TestEngine, ending: Ending) async throws {
        try await withVillage(engine) { village in
            let pair = try await Pair(in: village)
            try await village.give(village.ben, password: Ending.words)
            // The same person at another browser, where the end is carried out; and what they left open here.
            let other = village.ben.at(try await village.session(of: village.ben))
            try await village.serving { port in
                try await village.browsing { browser in
                    let here = browser(village.ben)
                    #expect(try await here.get("/today").status == .ok, "the premise: it is alive")
                    var stream = try await EventReader("\(pair.path)/events?after=0", on: port, as: village.ben)
                    try await pair.send("Hello", as: village.cleo)
                    #expect(await stream.next(1).first?.id == "1", "the premise: the stream is alive")

                    // Signing out ends this session, whoever else is signed in; the others end it from elsewhere too.
                    try await ending.carryOut(village, browser(ending == .signOut ? village.ben : other))
                    let ended = ContinuousClock.now
                    #expect(await stream.next(1).isEmpty)
                    #expect(ContinuousClock.now - ended < .seconds(2), "the stream outlived it")
                    stream.close()
                    for path in ["/today", "/account", pair.path, "/proof"] {
                        #expect(try await here.get(path).location?.hasPrefix("/sign-in") == true, "\(path)")
                    }
                    #expect(try await here.post("/presence").location?.hasPrefix("/sign-in") == true)
                    #expect(try await here.get("\(pair.path)/events").location?.hasPrefix("/sign-in") == true)
                }
            }
        }
    }

    @Test("Others stay as they are, and so does whoever gave the role", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, ben) = (village.riverside.program, village.ben.id)
            try await village.write(as: village.ada) { try Person.appoint(ben, as: .referrer, in: program, db: $0) }
            await #expect(throws: Problem.signInNeeded) { try await village.read(as: village.ben) { _ in } }
            for neighbor in [village.ada, village.bao, village.ana] { try await village.read(as: neighbor) { _ in } }
            // Opening a program gives its administrator a role, and nobody has to sign in again for it.
            try await village.write(as: village.ada) { db in
                _ = try Program.open(named: "Heart", summary: "", policy: Policy(), topics: [], in: db)
            }
            try await village.read(as: village.ada) { _ in }
        }
    }

    @Test("Signing in makes a cookie of its own, whatever the browser brought", arguments: TestEngine.available)
    func fixation(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.give(village.ben, password: Ending.words)
            try await village.browsing { browser in
                let planted = village.ben.at(Secret(presented: "planted-by-somebody-else"))
                let form = ["login": "ben@riverside.example", "password": Ending.words]
                for brought in [planted, village.ben] {
                    let answer = try await browser(brought).post("/sign-in", form)
                    let cookie = try #require(answer.headers[.setCookie])
                    #expect(cookie.hasPrefix("session=") && !cookie.contains(brought.session.text))
                }
                for old in [planted, village.ben] {
                    #expect(try await browser(old).get("/account").location?.hasPrefix("/sign-in") == true)
                }
            }
        }
    }
}
