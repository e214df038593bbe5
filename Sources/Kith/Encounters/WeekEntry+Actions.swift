import Storage
import Web

extension WeekEntry {
    /// A row of the form in which something was entered.
    fileprivate struct Told {
        let key: String
        let line: Line
        /// The planned contact that it tells about; nil for one that was not planned.
        let planned: Encounter?
        let outcome: Outcome
        let startsAt: Instant
        let held: Encounter.Held
        /// Whether a time was typed; else it is noon.
        let isTimed: Bool

        var mark: String {
            WeekEntry.mark(line.match.id, outcome == .done ? .done : .noAnswer, held.mode, startsAt)
        }
    }

    /// Enters all that the form has for the supporter, or nothing where a row is wrong. The same form sent twice enters
    /// it once.
    /// - Throws: ``FieldErrors`` or ``Problem/invalid(_:)`` with the fields of the row.
    static func keep(_ form: Form, of person: Person.ID, around day: Day?, in db: Writing) throws {
        let week = try WeekEntry(of: person, around: day, in: db)
        let told = try form.read { fields in week.told(form, &fields, db) }
        let edition = week.edition
        let known = Set(edition.fields["contacts"] ?? [])
        let new = told.filter { !known.contains($0.mark) }
        // All of it stands there: a second click.
        if new.isEmpty { return }
        if let mark = form[Edition.field], mark != edition.mark {
            try Problem.check(
                Dictionary(new.map { ("outcome-\($0.key)", "week-changed") }, uniquingKeysWith: { $1 }))
        }
        try Problem.check(week.errors(new, at: db.now))
        for row in new { try row.write(in: db) }
    }

    private func told(_ form: Form, _ fields: inout FieldReader, _ db: Reading) -> [Told] {
        form.names.filter { $0.hasPrefix("outcome-") }.compactMap { name -> Told? in
            let key = String(name.dropFirst("outcome-".count))
            guard let outcome = fields.optionalChoice(name, of: Outcome.self) else { return nil }
            guard let (line, planned) = row(named: key) else {
                fields.fail(name, "week-changed")
                return nil
            }
            let mode = fields.choice("mode-\(key)", of: Format.self)
            let (day, time) = planned == nil ? when(key, &fields) : (monday, nil)
            var held = Encounter.Held(mode: mode, minutes: 1, functions: [])
            if outcome == .done {
                held.minutes = fields.integer("minutes-\(key)", in: Encounter.Held.minutesAllowed)
                held.functions = Set(
                    fields.choices("functions-\(key)", of: Encounter.Function.self, required: true))
            }
            let clock = LocalClock(zone: db.actor.timeZone)
            let typed = clock.instant(day, hour: time?.hour ?? 12, minute: time?.minute ?? 0)
            return Told(
                key: key, line: line, planned: planned, outcome: outcome, startsAt: planned?.startsAt ?? typed,
                held: held, isTimed: time != nil)
        }
    }

    private func when(_ key: String, _ fields: inout FieldReader) -> (Day, TimeOfDay?) {
        let day = fields.value("day-\(key)", code: "not-a-choice", standIn: monday) { text in
            Day(text).flatMap { days.contains($0) ? $0 : nil }
        }
        return (day, fields.optionalValue("time-\(key)", code: "not-a-time") { TimeOfDay($0) })
    }

    /// Whom a row is about, and what was planned.
    private func row(named key: String) -> (Line, Encounter?)? {
        for line in lines {
            if line.keys(Self.rowsAtMost).contains(key) { return (line, nil) }
            let planned = (line.untold + line.contacts).first { $0.id.text == key }
            if let planned { return (line, planned) }
        }
        return nil
    }

    /// What is wrong beyond each field for itself, as a code for each field.
    private func errors(_ told: [Told], at now: Instant) -> [String: String] {
        var (errors, marks): ([String: String], Set<String>) = ([:], [])
        for row in told {
            if let planned = row.planned {
                if planned.status != .planned { errors["outcome-\(row.key)"] = "week-changed" }
                continue
            }
            if row.startsAt > now { errors["\(row.isTimed ? "time" : "day")-\(row.key)"] = "in-the-future" }
            if row.startsAt < now.adding(days: -Self.reach) { errors["day-\(row.key)"] = "too-long-ago" }
            // Without a time nobody could tell whether it is another one.
            let day = day(of: row.startsAt)
            let isThere = row.line.contacts.contains { $0.status == .done && self.day(of: $0.startsAt) == day }
            if row.outcome == .done, !row.isTimed, isThere { errors["time-\(row.key)"] = "there-already" }
            if !marks.insert(row.mark).inserted { errors["time-\(row.key)"] = "there-already" }
        }
        return errors
    }
}

extension WeekEntry.Told {
    fileprivate func write(in db: Writing) throws {
        do {
            switch (planned, outcome) {
            case (let planned?, .done): try planned.done(held, in: db)
            case (let planned?, .noAnswer): try planned.noAnswer(in: db)
            case (nil, .done): _ = try Encounter.record(held, at: startsAt, with: line.match, in: db)
            case (nil, .noAnswer):
                _ = try Encounter.recordNoAnswer(held.mode, at: startsAt, with: line.match, in: db)
            }
        } catch Problem.consentNeeded {
            throw Problem.invalid("outcome-\(key)", "consent-over")
        }
    }
}
