import Web

/// The form that plans a contact, or plans it anew.
package struct PlanScreen: Screen {
    package static let template = "encounters/plan"

    let match: ActiveMatch
    /// Set when it is planned anew.
    let encounter: Encounter?
    let mayCall: Bool
    let typed: Form
    let errors: FieldErrors

    package init(
        with match: Match.ID, typed: Form = Form(), errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        self.match = try ActiveMatch.find(match, in: db)
        encounter = nil
        mayCall = try Self.mayCall(self.match, db)
        (self.typed, self.errors) = (typed, errors)
    }

    package init(
        changing id: Encounter.ID, typed: Form? = nil, errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let encounter = try Encounter.find(id, in: db)
        guard encounter.status == .planned else { throw Problem.conflict("encounter.already-settled") }
        match = try ActiveMatch.find(encounter.match, in: db)
        self.encounter = encounter
        mayCall = try Self.mayCall(match, db)
        let reading = LocalClock(zone: db.actor.timeZone).reading(at: encounter.startsAt)
        self.typed =
            typed
            ?? Form([
                "mode": [encounter.mode.rawValue], "date": ["\(reading.day)"],
                "time": ["\(TimeOfDay(minutes: reading.minutes))"], "place": [encounter.place ?? ""]
            ])
        self.errors = errors
    }

    private static func mayCall(_ match: ActiveMatch, _ db: Reading) throws -> Bool {
        try Consent.mayContact(match.participant, by: .phone, in: match.program, of: match.organization, db: db)
    }

    package func title(_ words: Words) -> String {
        words(encounter == nil ? "encounters.plan.title" : "encounters.plan.again")
    }

    package func shown(_ words: Words) -> Value {
        let modes: [Format] = mayCall ? [.inPerson, .phone, .video] : [.inPerson, .video]
        let fields = [
            Field(
                "mode", .choice(shownModes(modes, words)), "encounters.mode", required: true, in: typed, errors, words),
            Field("date", .date, "encounters.date", required: true, in: typed, errors, words),
            Field("time", .time, "encounters.time", hinted: true, required: true, in: typed, errors, words),
            Field("place", .line, "encounters.place", hinted: true, in: typed, errors, words)
        ]
        return [
            "name": .text(match.participantName), "noCalls": .flag(!mayCall), "form": shownForm(fields),
            "matchID": .text(match.id.text), "isNew": .flag(encounter == nil),
            "actionPath": .text(encounter.map { "/encounters/\($0.id)/time" } ?? "/encounters"),
            "unplannedPath": .text("/encounters/unplanned?match=\(match.id)"),
            "invalid": .flag(!errors.isEmpty)
        ]
    }
}

/// The form for a contact that came by itself.
package struct UnplannedScreen: Screen {
    package static let template = "encounters/unplanned"

    let match: ActiveMatch
    let typed: Form
    let errors: FieldErrors

    package init(
        with match: Match.ID, typed: Form? = nil, errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        self.match = try ActiveMatch.find(match, in: db)
        let today = db.today
        self.typed = typed ?? Form(["date": ["\(today)"]])
        self.errors = errors
    }

    package func title(_ words: Words) -> String { words("encounters.unplanned.title") }

    package func shown(_ words: Words) -> Value {
        let when = [
            Field("date", .date, "encounters.date", required: true, in: typed, errors, words),
            Field("time", .time, "encounters.time", hinted: true, required: true, in: typed, errors, words)
        ]
        return [
            "name": .text(match.participantName), "matchID": .text(match.id.text),
            "form": shownForm(when + heldFields(in: typed, errors, words)), "invalid": .flag(!errors.isEmpty)
        ]
    }
}

/// The questions about a contact that took place; no function is ticked for anybody.
func heldFields(in form: Form, _ errors: FieldErrors, _ words: Words) -> [Field] {
    let functions = Encounter.Function.allCases.map { function in
        let key = "encounters.function.\(function.rawValue)"
        return Field.Option(function.rawValue, words(key), hint: words("\(key)-hint"))
    }
    return [
        Field(
            "mode", .choice(shownModes(Format.allCases, words)), "encounters.mode", required: true, in: form, errors,
            words),
        Field("minutes", .number, "encounters.minutes", required: true, in: form, errors, words),
        Field(
            "functions", .checks(functions), "encounters.functions", hinted: true, required: true, in: form, errors,
            words)
    ]
}

func shownModes(_ modes: [Format], _ words: Words) -> [Field.Option] {
    modes.map { Field.Option($0.rawValue, words("encounters.mode.\($0.rawValue)")) }
}
