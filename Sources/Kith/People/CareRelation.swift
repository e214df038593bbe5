import Storage

/// Somebody caring for somebody. The person cared for need not be known to Kith.
package struct CareRelation: Named, Equatable {
    package let id: ID
    package let caregiver: Person.ID
    package let caregiverName: String
    package let caredFor: Person.ID?
    /// nil where nobody knows more than that somebody is cared for.
    package let caredForName: String?
    /// Whom the caregiver cares for, as they see it: one of ``kinds``.
    package let relation: String

    /// A caregiver cares for their spouse, parent or child, or for somebody else.
    package static let kinds = ["spouse", "parent", "child", "other"]

    package init(row: Row) throws {
        id = try row["id"]
        caregiver = try row["caregiver_id"]
        caregiverName = try row["caregiver_name"]
        caredFor = try row["cared_for_id"]
        caredForName = try row["cared_for_name"]
        relation = try row["relation"]
    }

    static let selected: SQL = """
        SELECT c.id, c.caregiver_id, c.cared_for_id, c.relation, g.name AS caregiver_name, p.name AS cared_for_name
        FROM care_relation c
        JOIN person g ON g.organization_id = c.organization_id AND g.id = c.caregiver_id
        LEFT JOIN person p ON p.organization_id = c.organization_id AND p.id = c.cared_for_id
        """

    /// Who cares for somebody, and whom they care for, the earliest first. Whoever calls has established their right to
    /// that person; the others' names are disclosed.
    package static func all(of person: Person.ID, in organization: Organization.ID, db: Reading) throws
        -> [CareRelation]
    {
        let found = try db.all(
            """
            \(selected) WHERE c.organization_id = \(organization) AND (c.caregiver_id = \(person) OR c.cared_for_id = \(person))
                AND c.ended_at IS NULL
            ORDER BY c.created_at, c.id
            """, CareRelation.init(row:))
        for relation in found {
            db.disclose(.listed, of: relation.caregiver)
            if let caredFor = relation.caredFor { db.disclose(.listed, of: caredFor) }
        }
        return found
    }

    /// It is no longer so, or never was.
    package func end(of organization: Organization.ID, in db: Writing) throws {
        let ended = try db.run(
            """
            UPDATE care_relation SET ended_at = \(db.now)
            WHERE organization_id = \(organization) AND id = \(id) AND ended_at IS NULL
            """)
        guard ended > 0 else { return }
        var event = Event(.careRelationEnded, of: id.text, about: caregiver)
        event.organization = organization
        db.record(event)
    }
}

extension Person {
    /// Links a caregiver to the person cared for; that person need not be known to Kith. The same two are linked once.
    package static func link(
        caregiver: ID, caringFor person: ID?, as relation: String, of organization: Organization.ID, in db: Writing
    ) throws {
        guard caregiver != person else { throw Problem.invalid("cares-for", "somebody-else") }
        if let person {
            let isLinked = try db.exists(
                """
                SELECT 1 FROM care_relation WHERE organization_id = \(organization) AND caregiver_id = \(caregiver)
                AND cared_for_id = \(person) AND ended_at IS NULL
                """)
            guard !isLinked else { return }
        }
        let id: CareRelation.ID = db.newID()
        try db.run(
            """
            INSERT INTO care_relation (organization_id, id, caregiver_id, cared_for_id, relation, created_at)
            VALUES (\(organization), \(id), \(caregiver), \(person), \(relation), \(db.now))
            """)
        var event = Event(.careRelationAdded, of: id.text, about: caregiver)
        event.organization = organization
        db.record(event)
    }
}

/// Two people of whom one cares for the other, as told together with a referral: one of them is to be supported.
package enum Care: Sendable, Equatable {
    /// Whoever is to be supported cares for this person.
    case caresFor(PersonDraft, as: String)
    /// This person cares for whoever is to be supported.
    case caredForBy(PersonDraft, as: String)

    /// Makes the other person known and links the two. Nobody who is here already is looked for by name: two people may
    /// share one.
    package func link(_ person: Person.ID, of organization: Organization.ID, in db: Writing) throws {
        switch self {
        case .caresFor(let other, let relation):
            let other = try Person.add(other, to: organization, in: db)
            try Person.link(caregiver: person, caringFor: other, as: relation, of: organization, in: db)
        case .caredForBy(let other, let relation):
            let other = try Person.add(other, to: organization, in: db)
            try Person.link(caregiver: other, caringFor: person, as: relation, of: organization, in: db)
        }
    }
}
