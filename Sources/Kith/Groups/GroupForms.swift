import Storage
import Web

// MARK: - Groups

extension Group.Plan {
    /// As the form has it.
    var fields: [String: [String]] {
        func one(_ text: String?) -> [String] { text.map { [$0] } ?? [] }
        return [
            "name": [name], "language": [language], "setting": [setting.rawValue], "place": one(place),
            "address": one(address), "dial-in": one(dialIn), "admission": [admission.rawValue],
            "membership-rule": one(membershipRule), "welcome": one(welcome), "time-zone": [timeZone],
            "seats": seats.map { ["\($0)"] } ?? [], "course": one(course?.text)
        ]
    }

    init(_ fields: inout FieldReader) {
        func line(_ name: String, _ max: Int = Group.longestText) -> String? {
            fields.text(name, max: max, multiline: ["membership-rule", "welcome"].contains(name)).ifNotEmpty
        }
        self.init(
            name: fields.text("name", required: true, max: Group.longestName),
            timeZone: fields.text("time-zone", required: true, max: 64))
        language = fields.language("language")
        setting = fields.choice("setting", of: Group.Setting.self)
        place = line("place")
        address = line("address")
        dialIn = line("dial-in", 100)
        admission = fields.choice("admission", of: Group.Admission.self)
        membershipRule = line("membership-rule")
        welcome = line("welcome", 2_000)
        seats = fields.optionalInteger("seats", in: Group.seats)
        course = fields.optionalValue("course", code: "not-a-choice") { Course.ID(untrusted: $0) }
    }
}

extension GroupFormScreen {
    /// A new group of a kind, or one that is changed.
    init(
        group: Group?, of type: GroupType, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let zone = try Organization.current(in: db).timeZone
        let plan = group?.plan ?? Group.Plan(name: "", timeZone: zone)
        let courses = try Course.all(of: type.program, in: db).map { Field.Option($0.id.text, $0.plan.title) }
        let typed = form ?? Form(plan.fields)
        self.init(
            key: group == nil ? "group.new" : "group.change", name: group?.plan.name ?? type.plan.name,
            backPath: group.map { "/groups/\($0.id)" } ?? "/groups",
            actionPath: group.map { "/groups/\($0.id)/plan" } ?? "/groups",
            hidden: group == nil ? [("type", type.id.text)] : [], edition: group.map { Edition($0.plan.fields) },
            errors: errors
        ) { words in
            func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false) -> Field {
                Field(name, kind, "group.\(name)", hinted: hinted, required: required, in: typed, errors, words)
            }
            func options<Choice: RawRepresentable<String>>(_ all: [Choice], _ key: String) -> [Field.Option] {
                all.map { Field.Option($0.rawValue, words("group.\(key).\($0.rawValue)")) }
            }
            let zones = ([plan.timeZone, zone] + ContactForm.zones).reduce(into: [String]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            let course = courses.isEmpty ? [] : [field("course", .select(courses), hinted: true)]
            return [
                (
                    words("group.about"), nil,
                    [
                        field("name", .line, hinted: true, required: true),
                        field("language", .select(languages(words)), required: true)
                    ] + course
                ),
                (
                    words("group.where"), nil,
                    [
                        field("setting", .choice(options(Group.Setting.allCases, "setting")), required: true),
                        field("place", .line, hinted: true), field("address", .line, hinted: true),
                        field("dial-in", .line),
                        field("time-zone", .select(zones.map { Field.Option($0, words.zone($0)) }), required: true)
                    ]
                ),
                (
                    words("group.who"), nil,
                    [
                        field("admission", .choice(options(Group.Admission.allCases, "admission")), required: true),
                        field("membership-rule", .lines(2), hinted: true),
                        field("welcome", .lines(3), hinted: true), field("seats", .number, hinted: true)
                    ]
                )
            ]
        }
    }
}

// MARK: - Series and single meetings

extension GroupSeries.Plan {
    init(_ fields: inout FieldReader) {
        let (day, time) = fields.moment()
        self.init(startsOn: day, time: time)
        frequency = fields.choice("frequency", of: Frequency.self)
        every = fields.integer("every", in: 1...99)
        minutes = fields.integer("minutes", in: Meeting.minutes)
        until = fields.optionalDate("until").flatMap { Day(year: $0.year, month: $0.month, day: $0.day) }
        count = fields.optionalInteger("count", in: 1...1_000)
        if until != nil, count != nil { fields.fail("count", "one-end") }
    }
}

extension Meeting {
    /// As the form has it, by the clocks of its group.
    func fields(in group: Group) -> [String: [String]] {
        let reading = LocalClock(zone: group.plan.timeZone).reading(at: startsAt)
        return [
            "date": [reading.day.description], "time": [TimeOfDay(minutes: reading.minutes).description],
            "minutes": ["\(minutes)"], "place": [place ?? ""], "address": [address ?? ""]
        ]
    }

    /// What a form would leave.
    static func fields(_ form: Form) -> [String: [String]] {
        let names = ["date", "time", "minutes", "place", "address"]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, form.all($0)) })
    }
}

extension FieldReader {
    /// A day and a time of day, as the fields `date` and `time`.
    mutating func moment() -> (day: Day, time: TimeOfDay) {
        let date = date("date")
        let day = Day(year: date.year, month: date.month, day: date.day) ?? Day(daysSince1970: 0)
        return (day, value("time", code: "not-a-time", standIn: TimeOfDay(minutes: 0)) { TimeOfDay($0) })
    }
}

extension GroupFormScreen {
    /// When a group meets again and again, or once.
    init(
        meetingsOf group: Group, once: Bool, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors()
    ) {
        let typed = form.names.isEmpty ? Form(["every": ["1"], "minutes": ["60"], "frequency": ["weekly"]]) : form
        self.init(
            key: once ? "group.meeting" : "group.series", name: group.plan.name, backPath: "/groups/\(group.id)",
            actionPath: "/groups/\(group.id)/\(once ? "meetings" : "series")", errors: errors
        ) { words in
            func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false) -> Field {
                Field(name, kind, "meeting.\(name)", hinted: hinted, required: required, in: typed, errors, words)
            }
            let times = [
                field("date", .date, hinted: !once, required: true), field("time", .time, required: true),
                field("minutes", .number, required: true)
            ]
            let frequencies = GroupSeries.Plan.Frequency.allCases.map {
                Field.Option($0.rawValue, words("meeting.frequency.\($0.rawValue)"))
            }
            let zone = words("meeting.zone", ["zone": words.zone(group.plan.timeZone)])
            guard !once else { return [(words("meeting.when"), zone, times)] }
            return [
                (words("meeting.first"), zone, times),
                (
                    words("meeting.again"), nil,
                    [
                        field("frequency", .choice(frequencies), required: true),
                        field("every", .number, hinted: true, required: true)
                    ]
                ),
                (
                    words("meeting.end"), words("meeting.end-hint"),
                    [field("until", .date), field("count", .number, hinted: true)]
                )
            ]
        }
    }

    /// One meeting at another time or place.
    init(moving meeting: Meeting, of group: Group, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors()) {
        let kept = meeting.fields(in: group)
        let typed = form ?? Form(kept)
        self.init(
            key: "meeting.move", name: group.plan.name, backPath: "/meetings/\(meeting.id)",
            actionPath: "/meetings/\(meeting.id)/time", edition: Edition(kept), errors: errors
        ) { words in
            func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false) -> Field {
                Field(name, kind, "meeting.\(name)", hinted: hinted, required: required, in: typed, errors, words)
            }
            return [
                (
                    words("meeting.when"), words("meeting.zone", ["zone": words.zone(group.plan.timeZone)]),
                    [
                        field("date", .date, required: true), field("time", .time, required: true),
                        field("minutes", .number, required: true)
                    ]
                ),
                (words("group.where"), words("meeting.place-note"), [field("place", .line), field("address", .line)])
            ]
        }
    }
}

// MARK: - Members

extension GroupFormScreen {
    /// Joining by a code: agreements to read, a nickname to choose.
    init(joining group: Group, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        guard try group.organization == db.organization else { throw Problem.notFound }
        let type = try GroupType.load(group.type, of: group.organization, in: db)
        if let me = db.actor.person { try Group.checkAge(of: me, for: group, of: type, in: db) }
        let isClosed = try GroupMember.mustAsk(for: group, of: type, db: db)
        self.init(
            key: isClosed ? "group.ask" : "group.join", name: group.plan.name, backPath: "/join/\(group.code)",
            actionPath: "/groups/joining/\(group.code)", hidden: [("version", "\(type.agreements.version)")],
            errors: errors, text: type.agreements.text
        ) { words in
            var fields = [
                Field("nickname", .line, "group.nickname", hinted: true, required: true, in: form, errors, words)
            ]
            if isClosed {
                fields.append(Field("words", .lines(3), "group.words", hinted: true, in: form, errors, words))
            }
            fields.append(Field("agreements", .check, "group.accept", required: true, in: form, errors, words))
            return [(words("group.nickname-heading"), nil, fields)]
        }
    }

    /// The agreements as they are now, for a member.
    init(
        agreements member: GroupMember, of group: Group, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(),
        in db: Reading
    ) throws {
        let type = try GroupType.load(group.type, of: group.organization, in: db)
        self.init(
            key: "group.agreements", name: group.plan.name, backPath: "/groups/\(group.id)",
            actionPath: "/groups/\(group.id)/agreements", hidden: [("version", "\(type.agreements.version)")],
            errors: errors, text: type.agreements.text
        ) { words in
            var accept = Field("agreements", .check, "group.accept", required: true, in: form, errors, words)
            if member.agreements == type.agreements.version { accept.values = ["yes"] }
            return [(words("group.your-part"), nil, [accept])]
        }
    }

    /// A member's nickname and reminder.
    init(
        membership member: GroupMember, of group: Group, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors()
    ) {
        let typed =
            form
            ?? Form([
                "nickname": [member.nickname ?? ""], "reminder": ["\(member.reminderMinutes ?? 0)"]
            ])
        self.init(
            key: "group.membership", name: group.plan.name, backPath: "/groups/\(group.id)",
            actionPath: "/groups/\(group.id)/membership", errors: errors
        ) { words in
            let reminders =
                [Field.Option("0", words("group.reminder.none"))]
                + GroupMember.reminders.map {
                    Field.Option("\($0)", words("group.reminder.before", ["span": words.span($0)]))
                }
            return [
                (
                    words("group.nickname-heading"), nil,
                    [
                        Field(
                            "nickname", .line, "group.nickname", hinted: true, required: true, in: typed, errors, words),
                        Field(
                            "reminder", .choice(reminders), "group.reminder", required: true, in: typed, errors, words)
                    ]
                )
            ]
        }
    }
}
