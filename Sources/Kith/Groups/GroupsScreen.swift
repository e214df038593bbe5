import Storage
import Web

/// The groups of the person asking: those they take part in, those they facilitate, and those of their programs.
struct GroupsScreen: Screen {
    static let template = "groups/list"

    /// One group as a line.
    struct Line: Sendable {
        let group: Group
        let members: Int
        /// Those who wait for a coordinator's yes.
        let waiting: Int
        let next: Meeting?
        let staffing: Meeting.Staffing
        let least: Int
    }

    let lines: [Line]
    /// Where the person asking waits for a yes.
    let waiting: [String]
    let types: [(type: GroupType, program: String)]
    let programs: [Program]
    /// Who was taken out of a group for their age: the person asking, and whom they look after as a coordinator.
    let parted: (mine: [GroupParting], others: [GroupParting])

    /// Whether it is shown, and printed, in larger letters.
    let isLarge: Bool

    init(isLarge: Bool = false, in db: Reading) throws {
        self.isLarge = isLarge
        let groups = try Group.all(as: Set(Group.Relation.allCases), in: db)
        let (organization, now) = (try db.organization, db.now)
        let counts = try Group.counts(of: groups, in: db)
        let next = try Meeting.next(of: groups, in: db)
        let needs = try GroupType.needs(of: groups, in: db)
        lines = groups.map { group in
            let (count, meeting, type) = (counts[group.id] ?? (0, 0), next[group.id], needs[group.type])
            return Line(
                group: group, members: count.members, waiting: count.waiting, next: meeting,
                staffing: type.flatMap { meeting?.staffing($0.facilitators, members: count.members, at: now) }
                    ?? .enough,
                least: type?.leastMembers ?? 0)
        }
        waiting = try db.values(
            """
            SELECT g.name FROM group_member m
            JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            WHERE m.organization_id = \(organization) AND m.person_id = \(db.me) AND m.joined_at IS NULL
            AND m.ended_at IS NULL ORDER BY g.name, m.id LIMIT 20
            """, as: String.self)
        parted = (mine: try GroupParting.mine(in: db), others: try GroupParting.open(in: db))
        let coordinated = db.coordinated
        programs =
            coordinated.isEmpty
            ? [] : try Program.all(of: organization, in: db).filter { coordinated.contains($0.id) }
        let names = Dictionary(programs.map { ($0.id, $0.name) }) { $1 }
        types = coordinated.isEmpty ? [] : try GroupType.all(in: db).map { ($0, names[$0.program] ?? "") }
    }

    func title(_ words: Words) -> String { words("groups.title") }

    func shown(_ words: Words) -> Value {
        func some(_ relations: Set<Group.Relation>) -> [Value] {
            lines.filter { !$0.group.relations.isDisjoint(with: relations) }
                .map { shown($0, words, isStaff: !relations.contains(.member)) }
        }
        let member = some([.member])
        let facilitated = some([.facilitator, .cover])
        let staff = some([.coordinator, .supervisor])
        let isStaff = !programs.isEmpty || !staff.isEmpty
        return [
            "member": .list(member), "isMember": .flag(!member.isEmpty || !waiting.isEmpty),
            "waiting": .list(waiting.map { .text(words("groups.you-wait", ["name": $0])) }),
            "facilitated": .list(facilitated), "isFacilitator": .flag(!facilitated.isEmpty),
            "staff": .list(staff), "isStaff": .flag(isStaff), "noGroups": .flag(staff.isEmpty),
            "parted": .list(parted.mine.map { $0.shownToThem(words) }),
            "partings": .list(parted.others.map { $0.shownToStaff(words) }),
            "hasPartings": .flag(!parted.others.isEmpty),
            "large": .flag(isLarge), "usual": .flag(!isLarge),
            "printed": .text(words("papers.printed", ["day": words.dayAndYear(words.now)])),
            "none": .flag(lines.isEmpty && waiting.isEmpty && !isStaff),
            "coordinates": .flag(!programs.isEmpty),
            "types": .list(
                types.map { type, program in
                    [
                        "name": .text(type.plan.name), "summary": .text(type.plan.summary),
                        "program": programs.count > 1 ? .text(program) : .nothing,
                        "changePath": .text("/groups/types/\(type.id)"),
                        "groupPath": .text("/groups/new?type=\(type.id)")
                    ]
                }),
            "newTypes": .list(
                programs.map {
                    [
                        "path": .text("/groups/types/new?program=\($0.id)"),
                        "text": .text(
                            programs.count > 1
                                ? words("groups.new-type-in", ["program": $0.name]) : words("groups.new-type"))
                    ]
                })
        ]
    }

    private func shown(_ line: Line, _ words: Words, isStaff: Bool) -> Value {
        let group = line.group
        let next =
            line.next.map { words.meeting($0) } ?? words("groups.no-meeting")
        return [
            "name": .text(group.plan.name), "path": .text("/groups/\(group.id)"), "next": .text(next),
            "setting": .text(words("group.setting.\(group.plan.setting.rawValue)")),
            "language": .text(words.language(group.plan.language)),
            "members": isStaff ? .text(words("groups.members", count: line.members)) : .nothing,
            "waiting": isStaff && line.waiting > 0 ? .text(words("groups.waiting", count: line.waiting)) : .nothing,
            "planned": .flag(isStaff && group.state == .planned),
            "short": .flag(isStaff && line.staffing == .short), "blocked": .flag(isStaff && line.staffing == .blocked)
        ]
    }
}

extension Group {
    /// How many take part in groups, and how many wait for a yes. Whoever calls has established their right to them.
    static func counts(of groups: [Group], in db: Reading) throws -> [ID: (members: Int, waiting: Int)] {
        guard let organization = groups.first?.organization else { return [:] }
        let found = try db.all(
            """
            SELECT group_id, count(*) FILTER (WHERE joined_at IS NOT NULL) AS members,
                count(*) FILTER (WHERE joined_at IS NULL) AS waiting
            FROM group_member WHERE organization_id = \(organization) AND group_id IN \(list: groups.map(\.id))
            AND ended_at IS NULL GROUP BY group_id
            """
        ) { (try $0["group_id"] as ID, (members: try $0["members"] as Int, waiting: try $0["waiting"] as Int)) }
        return Dictionary(found) { $1 }
    }
}

extension GroupType {
    /// What the kinds of some groups ask for. Whoever calls has established their right to the groups.
    static func needs(of groups: [Group], in db: Reading) throws -> [ID: Plan] {
        guard let organization = groups.first?.organization else { return [:] }
        let found = try db.all(
            """
            \(everything) WHERE t.organization_id = \(organization) AND t.id IN \(list: groups.map(\.type))
            """, GroupType.init(row:))
        return Dictionary(found.map { ($0.id, $0.plan) }) { $1 }
    }
}

extension Meeting {
    /// The next meeting of each group. Whoever calls has established their right to the groups.
    package static func next(of groups: [Group], in db: Reading) throws -> [Group.ID: Meeting] {
        guard let organization = groups.first?.organization else { return [:] }
        let found = try db.all(
            """
            \(everything) WHERE m.organization_id = \(organization) AND m.group_id IN \(list: groups.map(\.id))
            AND m.starts_at = (SELECT min(n.starts_at) FROM meeting n WHERE n.organization_id = m.organization_id
                AND n.group_id = m.group_id AND n.starts_at > \(db.now) AND n.state IN ('planned', 'moved'))
            AND m.state IN ('planned', 'moved') ORDER BY m.starts_at, m.id
            """, Meeting.init(row:))
        return Dictionary(found.map { ($0.group, $0) }) { first, _ in first }
    }

    /// How many meetings of the programs that the person asking coordinates are about to begin with too few
    /// facilitators: they are blocked, and somebody has to be found.
    static func blocked(in db: Reading) throws -> Int {
        let found = try db.all(
            """
            SELECT m.*, (SELECT count(*) FROM meeting_facilitator f WHERE f.organization_id = m.organization_id
                    AND f.meeting_id = m.id) AS facilitators,
                t.facilitators AS needed, t.members_per_facilitator, t.block_hours,
                (SELECT count(*) FROM group_member r WHERE r.organization_id = m.organization_id
                    AND r.group_id = m.group_id AND r.joined_at IS NOT NULL AND r.ended_at IS NULL) AS members
            FROM meeting m JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            JOIN group_type t ON t.organization_id = g.organization_id AND t.id = g.type_id
            WHERE m.organization_id = \(db.organization) AND \(Group.reach([.coordinator], in: db))
            AND m.state IN ('planned', 'moved') AND m.starts_at > \(db.now)
            AND m.starts_at <= \(db.now.adding(hours: GroupType.blockHours.upperBound))
            ORDER BY m.starts_at, m.id LIMIT 200
            """
        ) { row in
            var needs = GroupType.Facilitators()
            needs.count = try row["needed"]
            needs.membersEach = try row["members_per_facilitator"]
            needs.blockHours = try row["block_hours"]
            return try Meeting(row: row).staffing(needs, members: row["members"], at: db.now)
        }
        return found.count { $0 == .blocked }
    }
}
