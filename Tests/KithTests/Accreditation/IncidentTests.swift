import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Incidents")
struct IncidentTests {
    @Test(
        "Written down, told, reviewed by somebody else, closed with what was learned", arguments: TestEngine.available)
    func whole(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.record(as: village.sam)
            func change(
                as neighbor: Village.Neighbor, _ act: @escaping @Sendable (Incident, Writing) throws -> Void
            ) async throws {
                try await village.write(as: neighbor) { try act(Incident.find(id, in: $0), $0) }
            }
            await #expect(throws: Problem.conflict("incident.not-now")) {
                try await change(as: village.ana) { try $0.close("Folders", in: $1) }
            }
            await #expect(throws: Problem.conflict("incident.own")) {
                try await change(as: village.sam) { try $0.review("All was right", in: $1) }
            }
            for _ in 0..<2 { try await change(as: village.sam) { try $0.tell(.person, in: $1) } }
            try await village.browsing { browser async throws -> Void in
                #expect(try await browser(village.sam).get("/team").text.contains("One incident waits for a review"))
                let wrong = try await browser(village.ana).post("/incidents/\(id)/review", ["review": ""])
                #expect(wrong.text.contains("Please answer this"))
            }
            try await change(as: village.ana) { try $0.review("Nobody had a folder", in: $1) }
            try await change(as: village.sam) { try $0.close("We bring folders", in: $1) }
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.ana).get("/incidents/\(id)").text
                for words in ["A list of names was left", "Nobody had a folder", "We bring folders", "Whom it happened"]
                {
                    #expect(page.contains(words), "\(words)")
                }
                for other in [village.ben, village.cleo, village.ada, village.riverside.otherCoordinator] {
                    #expect(try await browser(other).get("/incidents/\(id)").status != .ok, "\(other.name)")
                }
            }
            let kept = try await village.platform.store.read {
                try $0.values("SELECT words || review || lessons FROM incident", as: String.self)
            }
            #expect(kept.count == 1 && !kept[0].contains("folder"), "sealed")
            #expect(try await village.count("SELECT count(*) FROM incident_told") == 1, "twice is once")
            #expect(try await village.orphans(of: Accreditation.feature).isEmpty)
        }
    }

    @Test("No day to come, no empty words, no program of others", arguments: TestEngine.available)
    func refused(engine: TestEngine) async throws {
        try await withVillage(engine) { village async throws -> Void in
            await #expect(throws: Problem.self) { try await village.record(on: "2026-03-20", as: village.sam) }
            await #expect(throws: Problem.self) { try await village.record("", as: village.sam) }
            for other in [village.ben, village.ada, village.riverside.otherCoordinator] {
                await #expect(throws: Problem.notFound, "\(other.name)") { try await village.record(as: other) }
            }
            #expect(try await village.count("SELECT count(*) FROM incident") == 0)
        }
    }
}
