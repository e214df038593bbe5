import Storage
import Web

/// One meeting of a group: when and where, who facilitates, one's own seat; and what a coordinator or facilitator can
/// change of it.
struct MeetingScreen: Screen {
    static let template = "groups/meeting"

    let meeting: Meeting
    let group: Group
    let type: GroupType
    let facilitators: [Group.Facilitator]
    /// Everybody who facilitates or covers the group.
    let known: [Group.Facilitator]
    let members: [GroupMember]
    let seats: [Seat]
    let course: GroupCourse?
    let me: Person.ID?
    /// Where the meeting's link leads; through Kith, where each needs a token of their own.
    let link: String?
    let errors: FieldErrors

    init(_ id: Meeting.ID, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        meeting = try Meeting.find(id, in: db)
        group = try Group.find(meeting.group, in: db)
        type = try GroupType.load(group.type, of: group.organization, in: db)
        facilitators = try meeting.facilitators(in: db)
        known = try group.facilitators(in: db)
        members = try GroupMember.all(of: group, in: db).filter(\.isIn)
        seats = try Seat.all(of: meeting, in: db)
        course = try GroupCourse.find(of: group, for: db.actor.person, texts: .of(id), in: db)
        me = db.actor.person
        let address = meeting.link(in: group)
        link = db.world.video.signs(address) ? "/meetings/\(id)/call" : address
        if group.relations != [.member] { for seat in seats { db.disclose(.listed, of: seat.person) } }
        self.errors = errors
    }

    private var mayChange: Bool {
        !group.relations.isDisjoint(with: [.coordinator, .facilitator, .supervisor]) && meeting.isComing
    }

    func title(_ words: Words) -> String { words("meeting.title") }

    func shown(_ words: Words) -> Value {
        let isStaff = group.relations != [.member]
        let isAhead = meeting.isComing && meeting.startsAt > words.now
        let staffing =
            isStaff && meeting.isComing
            ? meeting.staffing(type.plan.facilitators, members: members.count, at: words.now) : .enough
        return [
            "id": .text(meeting.id.text), "group": .text(group.plan.name), "groupPath": .text("/groups/\(group.id)"),
            "when": .text(words.meeting(meeting)),
            "number": .text(words("meeting.number", ["number": "\(meeting.number)"])),
            "state": meeting.state == .planned ? .nothing : .text(words("meeting.state.\(meeting.state.rawValue)")),
            "canceled": .flag(meeting.state == .canceled),
            "was": meeting.state == .moved
                ? meeting.slotAt.map { .text(words("meeting.was", ["when": words.dayAndTime($0)])) } ?? .nothing
                : .nothing,
            "short": .flag(staffing == .short), "blocked": .flag(staffing == .blocked),
            "roomPath": meeting.meetsInKith(in: group) && (meeting.isComing || meeting.state == .running)
                ? .text("/meetings/\(meeting.id)/room") : .nothing,
            "facts": .list(facts(words)), "agenda": .list(type.plan.agenda.map(Value.text)),
            "hasAgenda": .flag(!type.plan.agenda.isEmpty),
            "session": course?.shown(of: meeting.id, readsAhead: isStaff, words) ?? .nothing,
            "seat": group.relations.contains(.member) && isAhead ? ownSeat(words) : .nothing,
            "seats": isStaff && group.plan.seats != nil && (meeting.isComing || meeting.state == .running)
                ? list(words) : .nothing,
            "runPath": isStaff && (meeting.isComing || [.running, .held].contains(meeting.state))
                ? .text("/meetings/\(meeting.id)/running") : .nothing,
            "changes": mayChange ? changes(words) : .nothing
        ]
    }

    private func facts(_ words: Words) -> [Value] {
        let plan = group.plan
        let all: [(String, String?, String?)] = [
            ("place", meeting.place ?? plan.place, nil),
            ("address", meeting.link(in: group).map { _ in words("group.fact.open-address") }, link),
            ("dial-in", plan.dialIn, nil),
            ("facilitators", facilitators.isEmpty ? nil : words.list(facilitators.map(\.name)), nil)
        ]
        return all.compactMap { key, value, path in
            value.map { ["label": .text(words("group.fact.\(key)")), "value": .text($0), "path": Value(path)] as Value }
        }
    }

    private func ownSeat(_ words: Words) -> Value {
        guard let limit = group.plan.seats else { return .nothing }
        let mine = seats.first { $0.person == me }
        let ahead = mine.map { mine in seats.count { $0.isWaiting && $0.turn < mine.turn } } ?? 0
        let taken = seats.count { !$0.isWaiting }
        let text =
            switch mine?.isWaiting {
            case false?: words("seat.yours")
            case true?: words("seat.waiting", count: ahead + 1)
            case nil: taken < limit ? words("seat.free", count: limit - taken) : words("seat.full")
            }
        return [
            "text": .text(text), "asks": .flag(mine == nil), "full": .flag(mine == nil && taken >= limit),
            "seated": .flag(mine?.isWaiting == false), "waits": .flag(mine?.isWaiting == true)
        ]
    }

    private func list(_ words: Words) -> Value {
        let names = Dictionary(members.map { ($0.person, $0.nickname ?? "") }) { $1 }
        func shown(_ all: [Seat]) -> Value { .list(all.map { .text(names[$0.person] ?? "") }) }
        return [
            "taken": .text(
                words(
                    "meeting.seats",
                    ["taken": "\(seats.count { !$0.isWaiting })", "seats": "\(group.plan.seats ?? 0)"])),
            "seated": shown(seats.filter { !$0.isWaiting }), "waiting": shown(seats.filter(\.isWaiting)),
            "hasWaiting": .flag(seats.contains(where: \.isWaiting))
        ]
    }

    private func changes(_ words: Words) -> Value {
        let options = known.map {
            Field.Option($0.person.text, $0.name, hint: $0.isCover ? words("group.as.cover") : nil)
        }
        let chosen = Form(["facilitators": facilitators.map(\.person.text)])
        let field = Field("facilitators", .checks(options), "meeting.facilitators", in: chosen, errors, words)
        return [
            "form": shownForm([field]), "movePath": .text("/meetings/\(meeting.id)/time"),
            "hasOptions": .flag(!options.isEmpty)
        ]
    }
}
