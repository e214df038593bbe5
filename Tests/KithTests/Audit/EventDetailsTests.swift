import Kith
import KithTestSupport
import Storage
import Testing

@Suite("Details of events")
struct EventDetailsTests {
    @Test(
        "Come back as they were, whatever letters they hold", arguments: TestEngine.available,
        [
            [:], ["to": "5.1.4", "move": "interim-note"], ["said": "a \"quoted\" word"], ["path": "back\\slash"],
            ["place": "São Tomé", "line": "one\ntwo"]
        ])
    func roundTrip(engine: TestEngine, details: [String: String]) async throws {
        try await withVillage(engine) { village in
            let ana = village.ana.id
            try await village.write(asSystemOf: village.riverside) { db in
                db.record(Event(.personCompleted, of: "a-thing", about: ana, details))
            }
            for (key, value) in details {
                let kept = try await village.read(as: village.ana) { db in
                    try db.value("SELECT details ->> \(key) FROM event WHERE object_id = 'a-thing'", as: String.self)
                }
                #expect(kept == value)
            }
            let rows = try await village.read(as: village.ana) {
                try $0.value("SELECT count(*) FROM event WHERE object_id = 'a-thing'", as: Int.self)
            }
            #expect(rows == 1)
        }
    }
}
