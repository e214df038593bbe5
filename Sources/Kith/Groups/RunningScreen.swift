import Web

/// A meeting on one screen: who is here, what comes next, how long there is, and one form to close it.
struct RunningScreen: Screen {
    static let template = "groups/running"

    let running: RunningMeeting
    let course: GroupCourse?
    let typed: Form?
    let errors: FieldErrors
    /// When the roster was read: whoever arrives later counts as come, though the form does not know it yet.
    let readAt: Instant

    init(_ id: Meeting.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        running = try RunningMeeting.find(id, in: db)
        course = try GroupCourse.find(of: running.group, for: nil, texts: .of(id), in: db)
        (self.typed, self.errors, readAt) = (typed, errors, db.now)
    }

    func title(_ words: Words) -> String { words("running.title") }

    func shown(_ words: Words) -> Value {
        let (meeting, state) = (running.meeting, running.meeting.state)
        let here = running.guests.filter { $0.arrivedAt != nil }.count
        let isEarly = words.now < meeting.startsAt.adding(minutes: -RunningMeeting.earliest)
        let isStaffed = running.isStaffed(at: words.now)
        let ends = (running.startedAt ?? meeting.startsAt).adding(minutes: meeting.minutes)
        let session = course?.shown(of: meeting.id, readsAhead: true, words)
        return [
            "name": .text(running.group.plan.name), "path": .text("/meetings/\(meeting.id)"),
            "when": .text(words.dayAndTime(meeting.startsAt)),
            "facilitators": .list(running.facilitators.map { ["name": .text($0.name)] }),
            "waits": .flag(meeting.isComing), "early": .flag(meeting.isComing && isStaffed && isEarly),
            "missing": .flag(meeting.isComing && !isStaffed), "ready": .flag(meeting.isComing && isStaffed && !isEarly),
            "runs": .flag(state == .running), "held": .flag(state == .held),
            "off": .flag(state == .canceled || state == .notHeld),
            "count": .text(words("running.count", ["here": "\(here)", "all": "\(running.guests.count)"])),
            "code": Value(state == .running ? running.code : nil),
            "began": Value(running.startedAt.map { words("running.began", ["time": words.time($0)]) }),
            "ends": .text(words("running.ends", ["time": words.time(ends)])), "endsAt": .text("\(ends.milliseconds)"),
            "session": session ?? .nothing, "agenda": .list(running.type.plan.agenda.map { ["line": .text($0)] }),
            "hasAgenda": .flag(!running.type.plan.agenda.isEmpty && session == nil),
            "agreements": .list(
                running.type.agreements.text.split(separator: "\n").map { ["line": .text(String($0))] }),
            "guests": .list(running.guests.map { guest($0, words) }), "nobody": .flag(running.guests.isEmpty),
            "seen": .text("\(readAt.milliseconds)"),
            "hasNote": .flag(running.note != nil), "note": Value(running.note),
            "form": shownForm(fields(words)), "totals": .list(totals(words))
        ]
    }

    private func guest(_ guest: RunningMeeting.Guest, _ words: Words) -> Value {
        let isHere = guest.arrivedAt != nil
        let (came, outcome) = ("came-\(guest.member)", "outcome-\(guest.member)")
        let chosen = typed?[outcome] ?? ""
        let wasThere =
            guest.came.map { $0 ? words("running.outcome.\((guest.outcome ?? .tookPart).rawValue)") : nil } ?? nil
        return [
            "nickname": .text(guest.nickname.isEmpty ? words("running.erased") : guest.nickname),
            "member": .text(guest.member.text), "isHere": .flag(isHere),
            "arrived": Value(
                guest.arrivedAt.map {
                    words(guest.usedCode ? "running.arrived-code" : "running.arrived", ["time": words.time($0)])
                }),
            "came": .text(came), "outcome": .text(outcome),
            "checked": .flag(typed.map { $0[came] != nil || guest.hasArrived(since: $0.seen) } ?? isHere),
            "was": .text(wasThere ?? words("running.absent")),
            "outcomes": .list(
                GroupContact.Outcome.allCases.map { each in
                    [
                        "value": .text(each.rawValue), "text": .text(words("running.outcome.\(each.rawValue)")),
                        "chosen": .flag(each.rawValue == chosen)
                    ]
                })
        ]
    }

    private func fields(_ words: Words) -> [Field] {
        let form = typed ?? Form(["minutes": ["\(running.usualMinutes(at: words.now))"]])
        var fields = [
            Field("minutes", .number, "running.minutes", hinted: true, required: true, in: form, errors, words),
            Field("note", .lines(3), "running.note", hinted: true, in: form, errors, words)
        ]
        let named = running.names(in: form["note"] ?? "")
        if errors["note"]?.code == "names-somebody", !named.isEmpty {
            var keep = Field("keep", .check, "running.keep", in: form, FieldErrors(), words)
            keep.hint = words("running.keep-hint", ["names": words.list(named)])
            fields.append(keep)
        }
        return fields
    }

    private func totals(_ words: Words) -> [Value] {
        guard let minutes = running.minutes else { return [] }
        let came = running.guests.filter { $0.came == true }.count
        return [
            ["label": .text(words("running.total.came")), "value": .text("\(came)")],
            ["label": .text(words("running.total.minutes")), "value": .text("\(minutes)")],
            ["label": .text(words("running.total.facilitators")), "value": .text("\(running.facilitators.count)")]
        ]
    }
}

/// “I am here”: the code that was shown in the room.
struct HereScreen: Screen {
    static let template = "groups/here"

    let form: Form
    let errors: FieldErrors

    init(_ form: Form, _ errors: FieldErrors = FieldErrors()) {
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words("here.title") }

    func shown(_ words: Words) -> Value {
        let code = Field(
            "code", .line, "here.code", hinted: true, required: true, autocomplete: "off", in: form, errors, words)
        return ["done": .flag(form["done"] == "yes" && errors.isEmpty), "form": shownForm([code])]
    }
}
