import Hummingbird
import Web

extension Encounter {
    private static let enterers = Access.roles([.supporter, .coordinator])
    private static let readers = Access.roles([.participant, .supporter, .coordinator, .supervisor])

    static let routes: [Route] = [
        .get("/encounters", readers) { visit in
            let query = try visit.query
            let after = query["after"].flatMap(place)
            let referral = try query["referral"].map { text in
                guard let id = Referral.ID(untrusted: text) else { throw Problem.notFound }
                return id
            }
            let isLarge = query.asksForLargeType
            return try await visit.show {
                try EncountersScreen(of: referral, after: after, isLarge: isLarge, in: $0)
            }
        }.asking("after", "referral", "type"),
        .get("/encounters/late", .role(.coordinator)) { visit in
            try await visit.show { try LateScreen(in: $0) }
        },
        .get("/encounters/new", enterers) { visit in
            let match = try match(in: visit.query)
            return try await visit.show { try PlanScreen(with: match, in: $0) }
        }.asking("match"),
        .post("/encounters", enterers) { visit in
            let form = try await visit.form()
            let match = try match(in: form)
            return try await visit.submit {
                let plan = try TypedPlan(form)
                return try await visit.write { db in
                    try Self.plan(plan.plan(for: db.actor), with: ActiveMatch.find(match, in: db), in: db)
                }
            } next: {
                "/encounters/\($0)"
            } again: {
                try PlanScreen(with: match, typed: form, errors: $0, in: $1)
            }
        }.taking("date", "date-*", "match", "mode", "place", "time"),
        .get("/encounters/unplanned", enterers) { visit in
            let match = try match(in: visit.query)
            return try await visit.show { try UnplannedScreen(with: match, in: $0) }
        }.asking("match"),
        .post("/encounters/unplanned", enterers) { visit in
            let form = try await visit.form()
            let match = try match(in: form)
            return try await visit.submit {
                let (when, held) = try form.read { (TypedTime(&$0), typedHeld(&$0)) }
                return try await visit.write { db in
                    try record(
                        held, at: when.instant(for: db.actor), with: ActiveMatch.find(match, in: db), in: db)
                }
            } next: {
                "/encounters/\($0)"
            } again: {
                try UnplannedScreen(with: match, typed: form, errors: $0, in: $1)
            }
        }.taking("date", "date-*", "functions", "match", "minutes", "mode", "time"),
        .get("/encounters/{id}", readers) { visit in
            let id = try visit.id(of: Encounter.self)
            return try await visit.show { try EncounterScreen(id, in: $0) }
        },
        .get("/encounters/{id}/time", enterers) { visit in
            let id = try visit.id(of: Encounter.self)
            return try await visit.show { try PlanScreen(changing: id, in: $0) }
        },
        .post("/encounters/{id}/time", enterers) { visit in
            let (id, form) = (try visit.id(of: Encounter.self), try await visit.form())
            return try await visit.submit {
                let plan = try TypedPlan(form)
                try await visit.write { db in
                    try find(id, in: db).reschedule(to: plan.plan(for: db.actor), in: db)
                }
            } next: {
                "/encounters/\(id)"
            } again: {
                try PlanScreen(changing: id, typed: form, errors: $0, in: $1)
            }
        }.taking("date", "date-*", "mode", "place", "time"),
        .post("/encounters/{id}/completion", enterers) { visit in
            let (id, form) = (try visit.id(of: Encounter.self), try await visit.form())
            return try await visit.submit {
                let held = try form.read { typedHeld(&$0) }
                try await visit.write { try find(id, in: $0).done(held, in: $0) }
            } next: {
                "/encounters/\(id)"
            } again: {
                try EncounterScreen(id, typed: form, errors: $0, in: $1)
            }
        }.taking("functions", "minutes", "mode"),
        .post("/encounters/{id}/no-answer", enterers) { visit in
            let id = try visit.id(of: Encounter.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).noAnswer(in: $0) }
            return .seeOther("/encounters/\(id)")
        }.taking(),
        .post("/encounters/{id}/cancellation", enterers) { visit in
            let id = try visit.id(of: Encounter.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).cancel(in: $0) }
            return .seeOther("/encounters/\(id)")
        }.taking()
    ]

    private static func match(in form: Form) throws -> Match.ID {
        guard let match = form["match"].flatMap(Match.ID.init(untrusted:)) else { throw Problem.notFound }
        return match
    }

    /// Where a page of the past begins: a time and an identifier, as its link has them.
    private static func place(_ text: String) -> (startsAt: Instant, id: ID)? {
        let parts = text.split(separator: "_").map(String.init)
        guard parts.count == 2, let startsAt = Instant(parts[0]), let id = ID(untrusted: parts[1]) else { return nil }
        return (startsAt, id)
    }

    private static func typedHeld(_ fields: inout FieldReader) -> Held {
        Held(
            mode: fields.choice("mode", of: Format.self), minutes: fields.integer("minutes", in: Held.minutesAllowed),
            functions: Set(fields.choices("functions", of: Function.self, required: true)))
    }
}

/// A date and a time as typed; which moment that is depends on where the organization is.
private struct TypedTime: Sendable {
    let day: Day
    let time: TimeOfDay

    init(_ fields: inout FieldReader) {
        let date = fields.date("date")
        day = Day(year: date.year, month: date.month, day: date.day) ?? Day(daysSince1970: 0)
        time = fields.value("time", code: "not-a-time", standIn: TimeOfDay(minutes: 0)) { TimeOfDay($0) }
    }

    func instant(for actor: Actor) -> Instant {
        LocalClock(zone: actor.timeZone).instant(day, hour: time.hour, minute: time.minute)
    }
}

private struct TypedPlan: Sendable {
    let mode: Format
    let when: TypedTime
    let place: String

    init(_ form: Form) throws {
        (mode, when, place) = try form.read {
            ($0.choice("mode", of: Format.self), TypedTime(&$0), $0.text("place", max: 500))
        }
    }

    func plan(for actor: Actor) -> Encounter.Plan {
        Encounter.Plan(mode: mode, startsAt: when.instant(for: actor), place: place)
    }
}
