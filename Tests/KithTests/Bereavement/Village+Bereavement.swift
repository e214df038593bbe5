import Kith
import KithTestSupport
import Storage

extension Village {
    /// Cyrus cares for somebody: for Cleo, or for somebody of whom Kith knows no more.
    func care(_ carer: Neighbor, for person: Person.ID?, as kind: String = "spouse") async throws -> CareRelation.ID {
        try await write(asSystemOf: riverside) { [carer = carer.id] db in
            try Person.link(caregiver: carer, caringFor: person, as: kind, of: db.organization, in: db)
        }
        let found = try await platform.store.read { [carer = carer.id] in
            try $0.value(
                """
                SELECT id FROM care_relation WHERE caregiver_id = \(carer)
                AND coalesce(cared_for_id, '') = \(person?.text ?? "")
                """, as: CareRelation.ID.self)
        }
        guard let found else { throw Fault("nobody is cared for") }
        return found
    }

    /// A death that Cleo told of and nobody made sure of, and somebody else she cares for.
    func losses() async throws -> (told: Loss.ID, other: CareRelation.ID, supporter: Person.ID) {
        let otto = try await write(asSystemOf: riverside) { db in
            try Person.add(PersonDraft(name: "Otto Ost"), to: db.organization, in: db)
        }
        let relation = try await care(cleo, for: otto)
        let told = try await write(as: cleo) { try Loss.tell(relation, on: nil, in: $0) }
        let sol = try await newcomer("Sol Sato", .supporter)
        return (told, try await care(cleo, for: nil, as: "parent"), sol.id)
    }
}
