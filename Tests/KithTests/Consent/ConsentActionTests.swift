import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Giving, refusing and taking back consent")
struct ConsentActionTests {
    private func stands(
        _ purpose: Consent.Purpose, for person: Village.Neighbor, _ village: Village
    ) async throws -> Bool {
        let house = village.riverside
        return try await village.read(as: village.ana) { db in
            try Consent.stands(purpose, for: person.id, in: house.program, of: house.organization, db: db)
        }
    }

    @Test("Versions count up for each purpose and language by itself", arguments: TestEngine.available)
    func versions(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            let versions = try await village.write(as: village.ada) { db in
                try [("en", "One."), ("en", "Two."), ("es", "Uno.")].map { language, body in
                    try ConsentText.publish(
                        body: body, purpose: .takePart, language: language, program: program, in: db
                    ).version
                }
            }
            // A program begins with the usual words, in English, Spanish and Arabic.
            #expect(versions == [2, 3, 2])
            let bodies = try await village.read(as: village.ana) { db in
                try ["es-MX", "en", "so"].map {
                    try ConsentText.current(of: program, for: $0, in: db).first { $0.purpose == .takePart }?.body
                }
            }
            #expect(bodies == ["Uno.", "Two.", "Two."])
        }
    }

    @Test("Only an administrator of the program publishes words", arguments: TestEngine.available)
    func publishers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            for neighbor in [village.ana, village.cleo, village.ben, village.hillside.administrator] {
                await #expect(throws: Problem.notAllowed) {
                    try await village.write(as: neighbor) {
                        _ = try ConsentText.publish(body: "New.", purpose: .takePart, program: program, in: $0)
                    }
                }
            }
        }
    }

    @Test("The usual words are published once", arguments: TestEngine.available)
    func usual(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let program = village.riverside.program
            await #expect(throws: Never.self) {
                try await village.write(asSystemOf: village.riverside) { db in
                    try ConsentText.publishUsual(for: program, in: db)
                }
            }
            let texts = try await village.read(as: village.ana) { db in
                try ConsentText.current(of: program, for: "en", in: db)
            }
            #expect(texts.map(\.purpose) == Consent.Purpose.allCases)
            #expect(texts.allSatisfy { $0.version == 1 })
        }
    }

    @Test("A yes stands, is in the log, and ends with the next answer", arguments: TestEngine.available)
    func answers(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            #expect(try await !stands(.takePart, for: village.cleo, village))
            try await village.answer(.takePart, yes: true, as: village.cleo)
            #expect(try await stands(.takePart, for: village.cleo, village))
            #expect(try await !stands(.shareStatus, for: village.cleo, village), "each purpose by itself")
            try await village.answer(.takePart, yes: false, as: village.cleo)
            #expect(try await !stands(.takePart, for: village.cleo, village))
            let program = village.riverside.program
            let (entries, events) = try await village.read(as: village.cleo) { db in
                (
                    try Consent.history(of: db.me, in: program, db: db).map(\.consent),
                    try db.all(
                        """
                        SELECT kind, details, program_id FROM event WHERE organization_id = \(db.organization)
                        AND subject_id = \(db.me) AND kind LIKE 'consent.%' ORDER BY at, id
                        """
                    ) { (try $0["kind"] as String, try $0["details"] as String, try $0["program_id"] as Program.ID) }
                )
            }
            #expect(entries.count == 2)
            #expect(entries.filter { $0.endedAt == nil }.map(\.granted) == [false])
            #expect(Set(events.map(\.0)) == ["consent.given", "consent.withdrawn", "consent.refused"])
            #expect(events.allSatisfy { $0.2 == program })
            for (_, details, _) in events {
                #expect(details.contains("take-part") && details.contains("browser"))
                #expect(!details.contains("Cleo"), "a log holds no names")
            }
        }
    }

    @Test("Nobody signs words that have changed since they read them", arguments: TestEngine.available)
    func newWords(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let program = village.riverside.program
            let read = try await village.text(.takePart)
            try await village.write(as: village.ada) { db in
                _ = try ConsentText.publish(body: "Other words.", purpose: .takePart, program: program, in: db)
            }
            await #expect(throws: Problem.invalid("answer-take-part", "new-words")) {
                try await village.write(as: village.cleo) { db in
                    _ = try Consent.give(.takePart, in: program, text: read, signedAs: "Cleo", db: db)
                }
            }
            // A sheet of paper may be older than the newest words; what was signed is what is kept.
            let cleo = village.cleo.id
            try await village.write(as: village.ana) { db in
                _ = try Consent.record(
                    .init(purpose: .takePart, granted: true, text: read), of: cleo, in: program,
                    by: .paper(reason: "No phone"), signedAs: "Cleo Castro", db: db)
            }
            let kept = try await village.read(as: village.cleo) { try Consent.history(of: $0.me, in: program, db: $0) }
            #expect(kept.map(\.consent.textID) == [read])
            #expect(kept.map(\.version) == [1])
        }
    }

    @Test("Words of another purpose, program or house cannot be signed", arguments: TestEngine.available)
    func foreignWords(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let house = village.riverside
            try await village.write(asSystemOf: village.hillside) { [other = village.hillside.program] db in
                try ConsentText.publishUsual(for: other, in: db)
            }
            let share = try await village.text(.shareStatus)
            let nextDoor = try await village.text(.takePart, of: village.hillside)
            for text in [share, nextDoor] {
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: village.cleo) { db in
                        _ = try Consent.give(.takePart, in: house.program, text: text, signedAs: "Cleo", db: db)
                    }
                }
            }
        }
    }

    @Test("Paper needs a reason, a spoken yes a witness who is somebody else", arguments: TestEngine.available)
    func recorded(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            let answer = Consent.Answer(purpose: .takePart, granted: true, text: try await village.text(.takePart))
            let wrong: [(Consent.Record, Problem)] = [
                (.paper(reason: "  "), .invalid("reason", "required")),
                (.voice(witness: ""), .invalid("witness", "required")),
                (.voice(witness: "cleo castro"), .invalid("witness", "somebody-else")),
                (.voice(witness: " Ana Alvarez "), .invalid("witness", "somebody-else"))
            ]
            for (record, problem) in wrong {
                await #expect(throws: problem) {
                    try await village.write(as: village.ana) { db in
                        _ = try Consent.record(
                            answer, of: cleo, in: program, by: record, signedAs: "Cleo Castro", db: db)
                    }
                }
            }
            #expect(try await !stands(.takePart, for: village.cleo, village))
            try await village.write(as: village.ana) { db in
                _ = try Consent.record(
                    answer, of: cleo, in: program, by: .voice(witness: "Nurse Nia"), signedAs: "Cleo", db: db)
            }
            #expect(try await stands(.takePart, for: village.cleo, village))
            let entry = try await village.read(as: village.cleo) { db in
                try #require(try Consent.history(of: db.me, in: program, db: db).first)
            }
            #expect(entry.consent.method == .voice)
            #expect(entry.consent.witness == "Nurse Nia")
        }
    }

    @Test("Only a coordinator of the program writes down for others", arguments: TestEngine.available)
    func recorders(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            let answer = Consent.Answer(purpose: .takePart, granted: true, text: try await village.text(.takePart))
            let others = [
                village.riverside.otherCoordinator, village.ben, village.cyrus, village.dana,
                village.hillside.coordinator
            ]
            for neighbor in others {
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: neighbor) { db in
                        _ = try Consent.record(
                            answer, of: cleo, in: program, by: .paper(reason: "At home"), signedAs: "Cleo", db: db)
                    }
                }
                await #expect(throws: Problem.notFound) {
                    try await village.write(as: neighbor) { db in
                        try Consent.withdraw(.takePart, of: cleo, in: program, db: db)
                    }
                }
            }
        }
    }

    @Test("A yes taken back counts from the next request on", arguments: TestEngine.available)
    func withdrawal(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            for byThemselves in [true, false] {
                try await village.answer(.takePart, yes: true, as: village.cleo)
                #expect(try await stands(.takePart, for: village.cleo, village))
                try await village.write(as: byThemselves ? village.cleo : village.ana) { db in
                    try Consent.withdraw(
                        .takePart, of: cleo, in: program, by: byThemselves ? .browser : .voice, db: db)
                }
                #expect(try await !stands(.takePart, for: village.cleo, village))
            }
            await #expect(throws: Problem.conflict("consent.not-standing")) {
                try await village.write(as: village.cleo) { db in
                    try Consent.withdraw(.takePart, of: cleo, in: program, db: db)
                }
            }
        }
    }

    @Test("Contact needs a yes to that channel, and none outweighs do-not-contact", arguments: TestEngine.available)
    func contact(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (house, cleo) = (village.riverside, village.cleo.id)
            @Sendable func reachable() async throws -> [ContactChannel.Kind] {
                try await village.read(as: village.ana) { db in
                    try ContactChannel.Kind.allCases.filter {
                        try Consent.mayContact(cleo, by: $0, in: house.program, of: house.organization, db: db)
                    }
                }
            }
            #expect(try await reachable() == [])
            try await village.answer(.contactByPhone, yes: true, as: village.cleo)
            try await village.answer(.contactByEmail, yes: false, as: village.cleo)
            #expect(try await reachable() == [.phone])
            try await village.write(as: village.ana) { try Person.setDoNotContact(true, for: cleo, in: $0) }
            #expect(try await reachable() == [])
            #expect(try await stands(.contactByPhone, for: village.cleo, village), "the answer itself is kept")
        }
    }

    @Test("Whoever leaves a program leaves no yes behind", arguments: TestEngine.available)
    func leaving(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.publishWords()
            let (program, cleo) = (village.riverside.program, village.cleo.id)
            try await village.answer(.takePart, yes: true, as: village.cleo)
            try await village.answer(.shareStatus, yes: true, as: village.cleo)
            try await village.write(as: village.ada) { try Person.end(.participant, in: program, of: cleo, in: $0) }
            #expect(try await !stands(.takePart, for: village.cleo, village))
            #expect(try await !stands(.shareStatus, for: village.cleo, village))
            let checks = Consent.feature.orphans
            #expect(!checks.isEmpty)
            for check in checks {
                let found = try await village.read(as: village.ana) { db in
                    try db.values(check.query(db.now), as: String.self)
                }
                #expect(found.isEmpty, "\(check.name)")
            }
        }
    }
}
