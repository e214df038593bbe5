import Kith
import KithTestSupport

extension Village {
    /// Ada administers whatever is opened at Riverside; from here on the other program is Abel's to run.
    func endOtherAdministration() async throws {
        let house = riverside
        try await write(asSystemOf: house) { db in
            let abel = house.otherCoordinator.id
            try Person.appoint(abel, as: .administrator, in: house.otherProgram, db: db)
            try Person.end(.administrator, in: house.otherProgram, of: ada.id, in: db)
        }
        for neighbor in [ada, house.otherCoordinator] { try await signBackIn(neighbor) }
    }
}
