import Storage

extension RelayRule {
    /// For whom it is set.
    enum Scope {
        case house
        case group(Group)
        case person(Person.ID)

        fileprivate var name: String {
            switch self {
            case .house: "house"
            case .group: "group"
            case .person: "person"
            }
        }
    }

    /// Sets it, for those who come in from now on. Whoever calls has established their right to it.
    static func set(_ isOn: Bool, for scope: Scope, in db: Writing) throws {
        let organization = try db.organization
        var (group, person): (Group?, Person.ID?) = (nil, nil)
        switch scope {
        case .house: break
        case .group(let found): group = found
        case .person(let id): person = id
        }
        let id: Identifier<RelayRule> = db.newID()
        let changed =
            isOn
            ? try db.run(
                """
                INSERT INTO video_relay_only (organization_id, id, group_id, person_id, set_at, set_by)
                VALUES (\(organization), \(id), \(group?.id), \(person), \(db.now), \(db.actor.logName))
                ON CONFLICT DO NOTHING
                """)
            : try db.run(
                """
                DELETE FROM video_relay_only WHERE organization_id = \(organization)
                AND group_id IS NOT DISTINCT FROM CAST(\(group?.id) AS TEXT)
                AND person_id IS NOT DISTINCT FROM CAST(\(person) AS TEXT)
                """)
        guard changed > 0 else { return }
        var event = Event(
            .videoRelaySet, of: group?.id.text, about: person, in: group?.program,
            ["on": isOn ? "yes" : "no", "for": scope.name])
        event.organization = organization
        db.record(event)
    }

    /// Whether all of the house, and which of its groups, are reached through the relay only.
    static func all(in db: Reading) throws -> (house: Bool, groups: Set<Group.ID>) {
        let set = try db.all(
            "SELECT group_id FROM video_relay_only WHERE organization_id = \(db.organization) AND person_id IS NULL"
        ) { try $0["group_id"] as Group.ID? }
        return (set.contains(nil), Set(set.compactMap { $0 }))
    }
}
