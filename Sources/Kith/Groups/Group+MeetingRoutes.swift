import Hummingbird
import Web

extension Group {
    private static let coordinator = Access.role(.coordinator)
    /// Who facilitates, coordinates, or stands behind them.
    private static let leaders = Access.roles([.supporter, .coordinator, .supervisor])

    static let meetingRoutes: [Route] = [
        .get("/groups/{id}/series", coordinator) { visit in
            let id = try visit.id(of: Group.self)
            return try await visit.show {
                GroupFormScreen(meetingsOf: try find(id, as: [.coordinator], in: $0), once: false)
            }
        },
        .post("/groups/{id}/series", coordinator) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            return try await visit.submit {
                let plan = try form.read { GroupSeries.Plan(&$0) }
                _ = try await visit.write {
                    try GroupSeries.set(plan, for: find(id, as: [.coordinator], in: $0), in: $0)
                }
            } next: {
                "/groups/\(id)"
            } again: {
                GroupFormScreen(meetingsOf: try find(id, as: [.coordinator], in: $1), once: false, form, $0)
            }
        }.taking("count", "date", "date-*", "every", "frequency", "minutes", "time", "until", "until-*"),
        .post("/groups/{id}/series/ending", coordinator) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            guard let series = GroupSeries.ID(untrusted: form["series"] ?? "") else { throw Problem.notFound }
            try await visit.write { db in
                let group = try find(id, as: [.coordinator], in: db)
                // One that has ended already is a second click.
                try GroupSeries.all(of: group, in: db).first { $0.id == series }?.end(in: db)
            }
            return .seeOther("/groups/\(id)")
        }.taking("series"),
        .get("/groups/{id}/meetings", coordinator) { visit in
            let id = try visit.id(of: Group.self)
            return try await visit.show {
                GroupFormScreen(meetingsOf: try find(id, as: [.coordinator], in: $0), once: true)
            }
        },
        .post("/groups/{id}/meetings", coordinator) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            return try await visit.submit {
                let typed = try form.read { TypedMeeting(&$0) }
                return try await visit.write { db in
                    let group = try find(id, as: [.coordinator], in: db)
                    return try Meeting.plan(group, at: typed.start(in: group), minutes: typed.minutes, in: db)
                }
            } next: {
                "/meetings/\($0)"
            } again: {
                GroupFormScreen(meetingsOf: try find(id, as: [.coordinator], in: $1), once: true, form, $0)
            }
        }.taking("date", "date-*", "minutes", "time"),
        .get("/meetings/{id}", .signedIn) { visit in
            let id = try visit.id(of: Meeting.self)
            return try await visit.show { try MeetingScreen(id, in: $0) }
        },
        .get("/meetings/{id}/time", leaders) { visit in
            let id = try visit.id(of: Meeting.self)
            return try await visit.show { try moving(id, in: $0) }
        },
        .post("/meetings/{id}/time", leaders) { visit in
            let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
            return try await visit.submit {
                let typed = try form.read { TypedMeeting(&$0) }
                try await visit.write { db in
                    let meeting = try Meeting.find(id, as: leading, in: db)
                    let group = try find(meeting.group, in: db)
                    try Edition(meeting.fields(in: group)).check(form, saving: Meeting.fields(form))
                    try meeting.move(to: typed.change(in: group), in: db)
                }
            } next: {
                "/meetings/\(id)"
            } again: {
                try moving(id, form, $0, in: $1)
            }
        }.taking("address", "date", "date-*", "edition", "minutes", "place", "time"),
        .post("/meetings/{id}/cancellation", leaders) { visit in
            let id = try visit.id(of: Meeting.self)
            _ = try await visit.form()
            try await visit.write { try Meeting.find(id, as: leading, in: $0).cancel(in: $0) }
            return .seeOther("/meetings/\(id)")
        }.taking(),
        .post("/meetings/{id}/facilitators", leaders) { visit in
            let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
            return try await visit.submit {
                let people = form.all("facilitators").compactMap { Person.ID(untrusted: $0) }
                try await visit.write { try Meeting.find(id, as: leading, in: $0).staff(with: people, in: $0) }
            } next: {
                "/meetings/\(id)"
            } again: {
                try MeetingScreen(id, $0, in: $1)
            }
        }.taking("facilitators"),
        .post("/meetings/{id}/seat", .signedIn) { visit in
            let id = try visit.id(of: Meeting.self)
            _ = try await visit.form()
            try await visit.write { _ = try Seat.ask(in: id, db: $0) }
            return .seeOther("/meetings/\(id)")
        }.taking(),
        .post("/meetings/{id}/seat/freeing", .signedIn) { visit in
            let id = try visit.id(of: Meeting.self)
            _ = try await visit.form()
            try await visit.write { try Seat.free(in: id, db: $0) }
            return .seeOther("/meetings/\(id)")
        }.taking()
    ]

    private static let leading: Set<Relation> = [.coordinator, .facilitator, .supervisor]

    private static func moving(
        _ id: Meeting.ID, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws -> GroupFormScreen {
        let meeting = try Meeting.find(id, as: leading, in: db)
        return GroupFormScreen(moving: meeting, of: try find(meeting.group, in: db), form, errors)
    }
}

/// When and where, as the forms of meetings have it; times are by the clocks of the group.
private struct TypedMeeting: Sendable {
    let day: Day
    let time: TimeOfDay
    let minutes: Int
    let place: String?
    let address: String?

    init(_ fields: inout FieldReader) {
        (day, time) = fields.moment()
        minutes = fields.integer("minutes", in: Meeting.minutes)
        place = fields.text("place", max: Group.longestText).ifNotEmpty
        address = fields.text("address", max: Group.longestText).ifNotEmpty
    }

    func start(in group: Group) -> Instant {
        LocalClock(zone: group.plan.timeZone).instant(day, hour: time.hour, minute: time.minute)
    }

    func change(in group: Group) -> Meeting.Change {
        Meeting.Change(startsAt: start(in: group), minutes: minutes, place: place, address: address)
    }
}
