import Kith
import KithTestSupport

extension Village {
    /// Publishes the usual words at Riverside.
    func publishWords() async throws {
        let program = riverside.program
        try await write(asSystemOf: riverside) { try ConsentText.publishUsual(for: program, in: $0) }
    }

    /// The English words for a purpose.
    func text(_ purpose: Consent.Purpose, of house: House? = nil) async throws -> ConsentText.ID {
        let house = house ?? riverside
        let program = house.program
        let found = try await read(as: house.coordinator) { db in
            try ConsentText.current(of: program, for: "en", in: db).first { $0.purpose == purpose }?.id
        }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Answers for oneself, in the browser.
    func answer(_ purpose: Consent.Purpose, yes: Bool, as neighbor: Neighbor) async throws {
        let (program, text) = (riverside.program, try await text(purpose))
        _ = try await write(as: neighbor) { db in
            if yes {
                try Consent.give(purpose, in: program, text: text, signedAs: neighbor.name, db: db)
            } else {
                try Consent.refuse(purpose, in: program, text: text, signedAs: neighbor.name, db: db)
            }
        }
    }
}
