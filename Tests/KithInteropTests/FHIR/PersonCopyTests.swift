import FHIR
import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

@Suite("One's own record, to take along")
struct PersonCopyTests {
    /// Cleo's story at Riverside, with words in each of its parts.
    private func lived(_ village: Village) async throws -> Story {
        let story = try await village.play(in: village.riverside)
        try await village.agree(village.cleo, to: [.contactByPhone], in: village.riverside.program)
        for (text, neighbor) in [("Are you awake?", village.cleo), ("I am. Tell me.", village.ben)] {
            let id = Message.ID(village.platform.world.newIdentifier())
            _ = try await village.write(as: neighbor) { try Message.send(text, as: id, to: story.conversation, in: $0) }
        }
        let encounter = try await village.write(as: village.ben) { db in
            let plan = Encounter.Plan(mode: .phone, startsAt: db.now.adding(hours: 1), place: nil)
            return try Encounter.plan(plan, with: ActiveMatch.find(story.match, in: db), in: db)
        }
        village.clock.advance(hours: 2)
        try await village.write(as: village.ben) { db in
            let held = Encounter.Held(mode: .phone, minutes: 20, functions: [.emotionalSupport])
            try Encounter.find(encounter, in: db).done(held, in: db)
        }
        try await village.write(as: village.ben) { db in
            try Note.write(
                text: "We spoke about nights.", words: "I slept at last.", on: Encounter.find(encounter, in: db),
                revision: 0, in: db)
        }
        return story
    }

    private func offer(_ village: Village) async throws {
        try await village.write(as: village.ben) { db in
            let id = try db.value("SELECT id FROM encounter", as: Encounter.ID.self)
            guard let id else { throw Problem.notFound }
            try Note.offer(on: Encounter.find(id, in: db), revision: 1, in: db)
        }
    }

    @Test(
        "The page and the file say everything, and what the supporter still writes is not among it",
        arguments: TestEngine.available)
    func everything(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [Interop.feature]) { village in
            _ = try await lived(village)
            let cleo = village.cleo.id
            let words = ["First weeks of caring for her mother", "Are you awake?", "I am. Tell me.", "Cleo Castro"]
            // She has just given her password again.
            let now = village.clock.now
            try await village.platform.store.write { try $0.run("UPDATE session SET proved_at = \(now)") }
            try await village.browsing { browser in
                let page = try await browser(village.cleo).get("/privacy/copy")
                #expect(page.status == .ok)
                for text in words { #expect(page.text.contains(text), "\(text)") }
                #expect(!page.text.contains("We spoke about nights."), "still a draft")
                let label = "It is not a clinical record."
                #expect(!page.text.contains(label))
                try await offer(village)
                let later = try await browser(village.cleo).get("/privacy/copy").text
                #expect(later.contains("We spoke about nights.") && later.contains("I slept at last."))
                #expect(later.contains(label))
                #expect(later.contains("Ana Alvarez: Your request"), "who looked")
                let file = try await browser(village.cleo).get("/privacy/copy/fhir")
                #expect(file.status == .ok && file.headers[.contentDisposition]?.contains("record.json") == true)
                let bundle = try Resource(parsing: Array(file.text.utf8))
                #expect(Validator().issues(in: bundle.json).filter(\.isError).isEmpty)
                let types = bundle.json["entry"]?.items.compactMap { $0["resource", "resourceType"]?.text } ?? []
                #expect(
                    Set(types) == [
                        "Patient", "ServiceRequest", "Consent", "Encounter", "DocumentReference", "Communication"
                    ])
                #expect(types.filter { $0 == "Communication" }.count == 2)
                for text in words + [label] { #expect(file.text.contains(text), "\(text)") }
                // Nobody else's, whoever asks.
                for neighbor in [village.ben, village.ana, village.sam, village.ada] {
                    await #expect(throws: Problem.notFound) {
                        _ = try await village.read(as: neighbor) { try PersonCopy(of: cleo, in: $0) }
                    }
                }
            }
        }
    }

    @Test("A session that was left open is not enough")
    func fresh() async throws {
        try await withVillage(.sqlite, features: Features.all + [Interop.feature]) { village in
            _ = try await lived(village)
            village.clock.advance(days: 1)
            try await village.browsing { browser in
                for path in ["/privacy/copy", "/privacy/copy/fhir"] {
                    let answer = try await browser(village.cleo).get(path)
                    #expect(answer.location?.hasPrefix("/proof") == true, "\(path)")
                }
            }
        }
    }
}
