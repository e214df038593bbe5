import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Who works here, and for how long")
struct StaffRoleTests {
    private func roles(of neighbor: Village.Neighbor, in village: Village) async throws -> Set<ProgramRole> {
        try await village.platform.read(as: .system(village.riverside.organization), access: .anyone) {
            Set(try Person.roles(of: neighbor.id, in: $0))
        }
    }

    private func fields(_ role: Role, in program: Program.ID) -> [String: String] {
        ["role": role.rawValue, "program": program.text]
    }

    @Test("An administrator gives a further role, and it counts on the next request", arguments: TestEngine.available)
    func further(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, ben) = (village.riverside.program, village.ben)
            try await village.browsing { browser in
                #expect(try await browser(ben).get("/team").status == .forbidden)
                let page = try await browser(village.ada).get("/people/\(ben.id)")
                #expect(page.status == .ok && page.text.contains(ben.name))
                let given = try await browser(village.ada).post(
                    "/people/\(ben.id)/roles", fields(.supervisor, in: program))
                #expect(given.status == .seeOther)
                #expect(try await browser(ben).get("/team").location?.hasPrefix("/sign-in") == true)
                try await village.signBackIn(ben)
                #expect(try await browser(ben).get("/team").status == .ok)
                // Once more: it is there already.
                let again = try await browser(village.ada).post(
                    "/people/\(ben.id)/roles", fields(.supervisor, in: program))
                #expect(again.status == .conflict)
                #expect(again.text.contains("has this role already"))
            }
            #expect(
                try await roles(of: ben, in: village)
                    == [ProgramRole(.supporter, in: program), ProgramRole(.supervisor, in: program)])
        }
    }

    @Test(
        "Nobody becomes a participant here, and no role is given in a program one does not run",
        arguments: TestEngine.available)
    func choices(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (house, ben) = (village.riverside, village.ben)
            try await village.endOtherAdministration()
            let before = try await roles(of: ben, in: village)
            try await village.browsing { browser in
                for wrong in [
                    fields(.participant, in: house.program), fields(.referrer, in: house.otherProgram),
                    fields(.referrer, in: village.hillside.program), ["role": "owner", "program": house.program.text]
                ] {
                    let answer = try await browser(village.ada).post("/people/\(ben.id)/roles", wrong)
                    #expect(answer.status == .unprocessableContent, "\(wrong)")
                    #expect(answer.text.contains(ben.name), "the page comes back")
                }
            }
            #expect(try await roles(of: ben, in: village) == before)
        }
    }

    @Test("A role ends at once, and what was done in it stays", arguments: TestEngine.available)
    func ending(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, sam) = (village.riverside.program, village.sam)
            try await village.browsing { browser in
                #expect(try await browser(sam).get("/team").status == .ok)
                let ended = try await browser(village.ada).post(
                    "/people/\(sam.id)/roles/ending", fields(.supervisor, in: program))
                #expect(ended.status == .seeOther)
                #expect(try await browser(sam).get("/team").location?.hasPrefix("/sign-in") == true)
                try await village.signBackIn(sam)
                #expect(try await browser(sam).get("/team").status == .forbidden)
                // Whoever has no role here any more is not on the administrator's pages either.
                #expect(try await browser(village.ada).get("/people/\(sam.id)").status == .notFound)
                let twice = try await browser(village.ada).post(
                    "/people/\(sam.id)/roles/ending", fields(.supervisor, in: program))
                #expect(twice.status == .notFound)
            }
        }
    }

    @Test("The last administrator of a program stays, until there is another", arguments: TestEngine.available)
    func lastAdministrator(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, ada, sam) = (village.riverside.program, village.ada, village.sam)
            try await village.endOtherAdministration()
            await #expect(throws: Problem.conflict("program.last-administrator")) {
                try await village.write(as: ada) { try Person.end(.administrator, in: program, of: ada.id, in: $0) }
            }
            await #expect(throws: Problem.conflict("program.last-administrator")) {
                try await village.write(asSystemOf: village.riverside) { try Person.endAccess(of: ada.id, in: $0) }
            }
            #expect(try await roles(of: ada, in: village) == [ProgramRole(.administrator, in: program)])
            try await village.write(as: ada) { db in
                try Person.appoint(sam.id, as: .administrator, in: program, db: db)
                try Person.endAccess(of: ada.id, in: db)
            }
            await #expect(throws: Problem.signInNeeded) { try await village.read(as: ada) { _ in } }
        }
    }

    @Test("Only administrators of the program give and end roles", arguments: TestEngine.available)
    func reach(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, ben) = (village.riverside.program, village.ben.id)
            for other in [village.ana, village.sam, village.hillside.administrator] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: other) { try Person.end(.supporter, in: program, of: ben, in: $0) }
                }
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: other) {
                        try Person.appoint(ben, as: .referrer, in: program, db: $0)
                    }
                }
            }
            // The premise: the same is possible for whoever runs the program.
            try await village.write(as: village.ada) { try Person.end(.supporter, in: program, of: ben, in: $0) }
        }
    }

    @Test(
        "Ended access: signed out everywhere, no way in, until a role and a way in come anew",
        arguments: TestEngine.available)
    func access(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (house, ben) = (village.riverside, village.ben)
            let letter = village.platform.world.newSecret()
            try await village.write(as: village.ada) { try Invitation.renew(for: ben.id, secret: letter, in: $0) }
            try await village.browsing { browser in
                #expect(try await browser(ben).get("/today").status == .ok)
                let unsure = try await browser(village.ada).post("/people/\(ben.id)/ending")
                #expect(unsure.status == .unprocessableContent)
                #expect(try await browser(ben).get("/today").status == .ok)
                #expect(
                    try await browser(village.ada).post("/people/\(ben.id)/ending", ["sure": "yes"]).status == .seeOther
                )
                #expect(try await browser(ben).get("/today").location?.hasPrefix("/sign-in") == true)
                #expect(try await browser(nil).get("/invitations/\(letter.text)").status == .notFound)
            }
            let door = try await village.platform.read(as: .nobody, access: .anyone) {
                try Session.door(login: "ben@riverside.example", in: $0)
            }
            #expect(door == nil)
            #expect(try await roles(of: ben, in: village).isEmpty)
            // Without a role a way in would lead nowhere.
            await #expect(throws: Problem.conflict("person.no-role")) {
                try await village.write(asSystemOf: house) {
                    try Invitation.renew(for: ben.id, secret: Secret(presented: "x"), in: $0)
                }
            }
            try await village.write(asSystemOf: house) { db in
                try Person.appoint(ben.id, as: .supporter, in: house.program, db: db)
                try Invitation.renew(for: ben.id, secret: Secret(presented: "anew"), in: db)
            }
            let back = try await village.platform.write(as: .nobody, access: .anyone) {
                try Invitation.accept(Secret(presented: "anew").hash, login: "", passwordHash: "new", in: $0)
            }
            #expect(back.person == ben.id)
            let again = try await village.platform.read(as: .nobody, access: .anyone) {
                try Session.door(login: "ben@riverside.example", in: $0)
            }
            #expect(again?.hash == "new")
        }
    }

    @Test("A colleague who also takes part keeps that, and their account", arguments: TestEngine.available)
    func alsoParticipant(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (house, ben) = (village.riverside, village.ben)
            try await village.write(asSystemOf: house) {
                try Person.give(.participant, in: house.program, to: ben.id, of: house.organization, in: $0)
            }
            // What a way in would open is the administrator's only in the programs they run.
            try await village.write(as: village.ada) { try Person.endAccess(of: ben.id, in: $0) }
            #expect(try await roles(of: ben, in: village) == [ProgramRole(.participant, in: house.program)])
            await #expect(throws: Problem.signInNeeded) { try await village.read(as: ben) { _ in } }
            let door = try await village.platform.read(as: .nobody, access: .anyone) {
                try Session.door(login: "ben@riverside.example", in: $0)
            }
            #expect(door?.person == ben.id)
        }
    }
}
