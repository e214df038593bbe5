import FHIR
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("A crash in the middle")
struct CrashTests {
    private struct Crash: Error {}

    @Test("Whichever statement it comes before, nothing is left, and the next try is taken", arguments: TestEngine.available)
    func crash(engine: TestEngine) async throws {
        let bundle = try FHIRBundle(
            Resource(Sample.transaction(Sample.patient, Sample.order, Sample.task, Sample.observation)))
        try await withVillage(engine, features: Features.all + [Interop.feature]) { village in
            let before = try await village.counts()
            let house = village.riverside
            let credential = Credential.partner(tokenHash: house.partnerToken.hash)
            var survived: Int?
            for crashing in 1...500 where survived == nil {
                var platform = village.platform
                platform.beforeStatement = { number in
                    if number == crashing { throw Crash() }
                }
                do {
                    _ = try await platform.write(as: credential, access: .partner) { db in
                        try Intake.take(bundle, from: house.partner, in: db)
                    }
                    survived = crashing
                } catch is Crash {
                    #expect(try await village.counts() == before, "before statement \(crashing)")
                }
            }
            #expect(try #require(survived) > 20)
            #expect(try await village.counts()["referral"] == 1)
        }
    }
}
