import Kith
import KithTestSupport
import Storage
import Testing
import WebAuthn

@Suite("Passkeys of an account")
struct PasskeyTests {
    private func made(_ name: String) -> RelyingParty.Passkey {
        RelyingParty.Passkey(id: Array(name.utf8), key: [1, 2, 3], counter: 0)
    }

    @Test("Nobody adds a passkey that somebody has already", arguments: TestEngine.available)
    func unique(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let passkey = made("one")
            let codes = try await village.write(as: village.ben) { try Passkey.add(passkey, browser: nil, in: $0) }
            #expect(codes.count == SecondFactor.recoveryCodes, "the first brings a list of codes")
            for neighbor in [village.ben, village.bao, village.hillside.supporter] {
                await #expect(throws: Problem.conflict("passkey.used-already")) {
                    try await village.write(as: neighbor) { try Passkey.add(passkey, browser: nil, in: $0) }
                }
            }
            #expect(try await village.read(as: village.bao) { try Passkey.own(in: $0).isEmpty })
        }
    }

    @Test("It needs a fresh proof, and there are ten at most", arguments: TestEngine.available)
    func limits(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            for number in 1...Passkey.most {
                let passkey = made("key \(number)")
                _ = try await village.write(as: village.ben) { try Passkey.add(passkey, browser: nil, in: $0) }
            }
            let more = made("one more")
            await #expect(throws: Problem.conflict("passkey.too-many")) {
                try await village.write(as: village.ben) { try Passkey.add(more, browser: nil, in: $0) }
            }
            village.clock.advance(minutes: 10)
            await #expect(throws: Problem.proofNeeded) {
                try await village.write(as: village.bao) { try Passkey.add(more, browser: nil, in: $0) }
            }
        }
    }

    @Test("Where a role asks for a second factor, the last one stays", arguments: TestEngine.available)
    func last(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (one, two) = (made("one"), made("two"))
            for passkey in [one, two] {
                _ = try await village.write(as: village.ben) { try Passkey.add(passkey, browser: nil, in: $0) }
            }
            try await village.write(asSystemOf: village.riverside) { db in
                var rule = SignInRule.usual(for: .supporter)
                rule.needsSecondFactor = true
                try SignInRule.set(rule, in: db)
            }
            let kept = try await village.read(as: village.ben) { try Passkey.own(in: $0) }
            try await village.write(as: village.ben) { try Passkey.end(kept[0].id, in: $0) }
            await #expect(throws: Problem.conflict("second-factor.needed")) {
                try await village.write(as: village.ben) { try Passkey.end(kept[1].id, in: $0) }
            }
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.ana) { try Passkey.end(kept[1].id, in: $0) }
            }
        }
    }
}
