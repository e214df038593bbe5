import Kith
import Storage

extension Village {
    /// Somebody new at Riverside, signed in, with a role in its program.
    package func newcomer(_ name: String, _ role: Role = .participant, in program: Program.ID? = nil) async throws
        -> Neighbor
    {
        let session = platform.world.newSecret()
        let place = program ?? riverside.program
        let id = try await write(asSystemOf: riverside) { db in
            let house = try db.organization
            let person = try Person.add(PersonDraft(name: name), to: house, in: db)
            try Person.give(role, in: place, to: person, of: house, in: db)
            let login = "\(person)@riverside.example"
            try Account.open(for: person, of: house, login: login, passwordHash: "none", in: db)
            _ = try Session.open(
                for: Session.Door(organization: house, person: person, hash: "none"), secret: session, in: db)
            try db.run("UPDATE session SET expires_at = '2099-01-01T00:00:00.000Z', idle_minutes = NULL")
            return person
        }
        return Neighbor(id: id, name: name, session: session)
    }

    /// Gives somebody of Riverside a further role, or ends one.
    package func give(_ role: Role, to neighbor: Neighbor, in program: Program.ID? = nil) async throws {
        let place = program ?? riverside.program
        try await write(asSystemOf: riverside) {
            try Person.give(role, in: place, to: neighbor.id, of: $0.organization, in: $0)
        }
        try await signBackIn(neighbor)
    }

    package func end(_ role: Role, of neighbor: Neighbor) async throws {
        let place = riverside.program
        try await write(asSystemOf: riverside) { try Person.end(role, in: place, of: neighbor.id, in: $0) }
        try await signBackIn(neighbor)
    }
}
