import Storage
import Web

/// One group: for members what lies ahead of them, for those who facilitate also who comes, for a coordinator all there
/// is to do.
struct GroupScreen: Screen {
    static let template = "groups/show"

    let group: Group
    let type: GroupType
    let series: [GroupSeries]
    let meetings: [Meeting]
    let facilitators: [Group.Facilitator]
    let members: [GroupMember]
    /// The names of members, and what those who wait wrote; for coordinators only.
    let people: [GroupMember.ID: (name: String, words: String?, born: Int?)]
    let mine: GroupMember?
    let course: GroupCourse?
    let seats: [Meeting.ID: SeatCount]
    let candidates: [(person: Person.ID, name: String)]
    let form: Form
    let errors: FieldErrors
    let origin: String
    /// Whether each gets a token of their own for the link, on the page of the meeting.
    let isLinkSigned: Bool

    private var isCoordinator: Bool { group.relations.contains(.coordinator) }
    private var isStaff: Bool { group.relations != [.member] }
    private var joined: [GroupMember] { members.filter(\.isIn) }
    /// Whether the conversation is theirs as well.
    private var isTalking: Bool {
        group.state == .active && !group.relations.isDisjoint(with: [.member, .facilitator])
    }

    init(
        _ id: Group.ID, at origin: String = "", _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(),
        in db: Reading
    ) throws {
        group = try Group.find(id, in: db)
        type = try GroupType.load(group.type, of: group.organization, in: db)
        series = try GroupSeries.all(of: group, in: db)
        // Members find the rest in its series; staff look further ahead.
        meetings = try Meeting.listed(of: group, limit: group.relations == [.member] ? 4 : 12, in: db)
        isLinkSigned = db.world.video.signs(group.plan.address)
        facilitators = try group.facilitators(in: db)
        members = try GroupMember.all(of: group, in: db)
        mine = members.first { $0.person == db.actor.person }
        seats = try SeatCount.all(of: meetings, in: db)
        course = try GroupCourse.find(of: group, for: db.actor.person, in: db)
        let isCoordinator = group.relations.contains(.coordinator)
        people = isCoordinator ? try GroupMember.people(of: group, in: db) : [:]
        candidates = isCoordinator ? try group.facilitatorCandidates(type.plan.facilitators, in: db) : []
        if group.relations != [.member] { for member in members { db.disclose(.listed, of: member.person) } }
        (self.form, self.errors, self.origin) = (form, errors, origin)
    }

    func title(_ words: Words) -> String { words("group.title") }

    func shown(_ words: Words) -> Value {
        let plan = group.plan
        return [
            "id": .text(group.id.text), "groupID": .text(group.id.text), "name": .text(plan.name),
            "summary": .text(type.plan.summary), "state": .text(words("group.state.\(group.state.rawValue)")),
            "series": .list(
                series.map {
                    ["seriesID": .text($0.id.text), "text": .text(words.series($0)), "ends": .flag(isCoordinator)]
                }),
            "facts": .list(facts(words)), "welcome": mine?.isIn == true ? plan.welcome?.lines ?? .list([]) : .list([]),
            "hasWelcome": .flag(mine?.isIn == true && plan.welcome != nil),
            "agenda": .list(type.plan.agenda.map(Value.text)), "hasAgenda": .flag(!type.plan.agenda.isEmpty),
            "meetings": .list(meetings.map { shown($0, words) }), "noMeetings": .flag(meetings.isEmpty),
            "conversationPath": isTalking ? Value(group.conversation.map { "/conversations/\($0)#latest" }) : .nothing,
            "course": course.map { $0.summary(of: group, isMember: mine?.isIn == true, words) } ?? .nothing,
            "mine": mine?.isIn == true ? own(words) : .nothing, "staff": isStaff ? staff(words) : .nothing,
            "coordinator": isCoordinator && group.isOpen ? coordination(words) : .nothing
        ]
    }

    private func facts(_ words: Words) -> [Value] {
        let plan = group.plan
        let named = facilitators.filter { !$0.isCover }.map(\.name)
        let all: [(String, String?)] = [
            ("language", words.language(plan.language)),
            ("setting", words("group.setting.\(plan.setting.rawValue)")),
            ("ages", words("group.ages.\(type.plan.ages.rawValue)")), ("place", plan.place),
            ("dial-in", plan.dialIn), ("facilitators", named.isEmpty ? nil : words.list(named)),
            ("membership-rule", plan.admission == .closed ? plan.membershipRule : nil)
        ]
        var facts = all.compactMap { key, value in
            value.map { ["label": .text(words("group.fact.\(key)")), "value": .text($0), "path": .nothing] as Value }
        }
        if let address = plan.address, !isLinkSigned {
            facts.append(
                [
                    "label": .text(words("group.fact.address")), "value": .text(words("group.fact.open-address")),
                    "path": .text(address)
                ])
        }
        return facts
    }

    private func shown(_ meeting: Meeting, _ words: Words) -> Value {
        let staffing =
            meeting.isComing
            ? meeting.staffing(type.plan.facilitators, members: joined.count, at: words.now) : .enough
        let count = seats[meeting.id]
        return [
            "path": .text("/meetings/\(meeting.id)"), "when": .text(words.meeting(meeting)),
            "number": .text(words("meeting.number", ["number": "\(meeting.number)"])),
            "place": Value(meeting.place), "session": Value(course?.step(of: meeting.id)?.title),
            "canceled": .flag(meeting.state == .canceled), "moved": .flag(meeting.state == .moved),
            "running": .flag(meeting.state == .running),
            "short": .flag(isStaff && staffing == .short), "blocked": .flag(isStaff && staffing == .blocked),
            "seats": group.plan.seats.map {
                .text(words("meeting.seats", ["taken": "\(count?.taken ?? 0)", "seats": "\($0)"]))
            } ?? .nothing,
            "seated": .flag(count?.mine == .seated), "waits": .flag(count?.mine == .waiting)
        ]
    }

    private func own(_ words: Words) -> Value {
        let isCurrent = mine?.agreements == type.agreements.version
        return [
            "nickname": .text(words("group.you-are", ["nickname": mine?.nickname ?? ""])),
            "reminder": .text(
                mine?.reminderMinutes.map { words("group.reminder.said", ["span": words.span($0)]) }
                    ?? words("group.reminder.none")),
            "asks": .flag(!isCurrent)
        ]
    }

    private func staff(_ words: Words) -> Value {
        let (least, most) = (type.plan.leastMembers, type.plan.mostMembers)
        return [
            "count": .text(words("groups.members", count: joined.count)),
            "range": .text(words("group.range", ["least": "\(least)", "most": "\(most)"])),
            "members": .list(
                joined.map { member in
                    [
                        "id": .text(member.id.text), "nickname": .text(member.nickname ?? ""),
                        "name": Value(people[member.id]?.name), "removes": .flag(isCoordinator && group.isOpen)
                    ]
                }),
            "none": .flag(joined.isEmpty),
            "applicants": .list(
                (isCoordinator ? members.filter { !$0.isIn } : []).map { member in
                    [
                        "id": .text(member.id.text), "nickname": .text(member.nickname ?? ""),
                        "name": Value(people[member.id]?.name), "words": Value(people[member.id]?.words),
                        "when": .text(words.ago(member.askedAt)),
                        "born": born(member).map { .text(words("group.applicant.born", ["year": "\($0)"])) } ?? .nothing
                    ]
                }),
            "covers": .list(
                facilitators.map { facilitator in
                    [
                        "person": .text(facilitator.person.text), "name": .text(facilitator.name),
                        "cover": .flag(facilitator.isCover), "ends": .flag(isCoordinator && group.isOpen)
                    ]
                })
        ]
    }

    /// When somebody who asks for a place among young people was born, for whoever makes sure of it.
    private func born(_ member: GroupMember) -> Int? {
        type.plan.ages == .youngPeople ? people[member.id]?.born : nil
    }

    private func coordination(_ words: Words) -> Value {
        let known = Set(facilitators.map(\.person))
        let needs = type.plan.facilitators
        let options = candidates.filter { !known.contains($0.person) }.map { Field.Option($0.person.text, $0.name) }
        let ways = ["facilitator", "cover"].map { Field.Option($0, words("group.as.\($0)")) }
        var fields = [
            Field("person", .select(options), "group.person", required: true, in: form, errors, words),
            Field("as", .choice(ways), "group.as", required: true, in: form, errors, words)
        ]
        if let training = needs.training {
            var trained = Field("trained", .check, "group.trained", required: true, in: form, errors, words)
            trained.hint = training
            fields.append(trained)
        }
        return [
            "form": shownForm(fields), "open": .flag(!errors.isEmpty), "planned": .flag(group.state == .planned),
            "enough": .text(words("group.needs", count: needs.needed(for: joined.count))),
            "link": .text("\(origin)/join/\(group.code)"), "picturePath": .text("/groups/\(group.id)/picture")
        ]
    }
}

/// How many seats of a meeting are taken, and whether the person asking has one.
struct SeatCount: Sendable {
    enum Mine: Sendable { case seated, waiting }

    let taken: Int
    let waiting: Int
    let mine: Mine?

    /// Whoever calls has established their right to the meetings.
    static func all(of meetings: [Meeting], in db: Reading) throws -> [Meeting.ID: SeatCount] {
        guard let organization = meetings.first?.organization else { return [:] }
        let me = db.actor.person ?? Person.ID("")
        let found = try db.all(
            """
            SELECT meeting_id, count(seat) AS taken, count(*) FILTER (WHERE seat IS NULL) AS waiting,
                count(*) FILTER (WHERE person_id = \(me) AND seat IS NOT NULL) AS seated,
                count(*) FILTER (WHERE person_id = \(me) AND seat IS NULL) AS waits
            FROM meeting_seat WHERE organization_id = \(organization) AND meeting_id IN \(list: meetings.map(\.id))
            AND freed_at IS NULL GROUP BY meeting_id
            """
        ) { row in
            let (seated, waits): (Int, Int) = (try row["seated"], try row["waits"])
            return (
                try row["meeting_id"] as Meeting.ID,
                SeatCount(
                    taken: try row["taken"], waiting: try row["waiting"],
                    mine: seated > 0 ? .seated : waits > 0 ? .waiting : nil)
            )
        }
        return Dictionary(found) { $1 }
    }
}

extension GroupMember {
    /// The names of those who take part or wait, and what those who wait wrote, for a coordinator of the group: people
    /// whose record is sealed keep their nickname only.
    static func people(of group: Group, in db: Reading) throws -> [ID: (name: String, words: String?, born: Int?)] {
        let found = try db.all(
            """
            SELECT m.id, m.person_id, m.words, coalesce(p.called, p.name) AS name, p.birth_year,
                \(TextKey.wrapped(of: "m.person_id", in: "m.organization_id")) AS wrapped_key
            FROM group_member m
            JOIN support_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
            WHERE m.organization_id = \(group.organization) AND m.group_id = \(group.id) AND m.ended_at IS NULL
            AND \(db.reach(.groups, of: Wall.Record(person: "m.person_id", program: "g.program_id"), as: [.coordinator]))
            """
        ) { row in
            let (id, person): (ID, Person.ID) = (try row["id"], try row["person_id"])
            var texts = KeptTexts(try db.key(row["wrapped_key"], of: person), id: id.text)
            let (name, born): (String, Int?) = (try row["name"], try row["birth_year"])
            return (id, (name: name, words: texts.open(try row["words"], "group_member.words"), born: born))
        }
        return Dictionary(found) { $1 }
    }
}
