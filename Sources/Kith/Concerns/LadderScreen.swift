import Storage
import Web

/// One program's ladder, for an administrator: whom each rung calls, for how long, on which channel; what is wrong with
/// it now; and drills with the time until somebody answered.
struct LadderScreen: Screen {
    static let template = "concerns/ladder"

    let program: Program
    let ladder: StaffedLadder
    let drills: [Drill]
    let nextDrill: Instant?
    let carried: Set<ContactChannel.Kind>
    let form: Form?
    let errors: FieldErrors

    init(_ id: Program.ID, _ form: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        guard db.actor.has(.administrator, in: id) else { throw Problem.notFound }
        let organization = try db.organization
        program = try Program.find(id, in: db)
        ladder = try StaffedLadder.of(id, in: organization, db: db)
        drills = try Drill.latest(of: id, in: organization, db: db)
        nextDrill =
            try db.value(
                "SELECT next_drill_at FROM ladder WHERE organization_id = \(organization) AND program_id = \(id)",
                as: Instant?.self) ?? nil
        carried = db.world.carries
        (self.form, self.errors) = (form, errors)
    }

    func title(_ words: Words) -> String { words("ladder.title") }

    func shown(_ words: Words) -> Value {
        let edition = Edition(ladder.ladder.fields)
        let typed = form ?? Form(ladder.ladder.fields)
        let groups = (1...Ladder.mostRungs).map { place in
            (
                heading: words("ladder.rung", ["number": "\(place)"]),
                hint: place == 1 ? words("ladder.rung-hint") : nil,
                fields: edition.beside(fields(of: place, in: typed, words), errors, words)
            )
        }
        let weeks = Ladder.drillChoices.map {
            Field.Option("\($0)", words("ladder.drills.weeks", count: $0))
        }
        let plan = Field(
            "drills", .select([Field.Option("0", words("ladder.drills.none"))] + weeks), "ladder.drills", hinted: true,
            required: true, in: typed, errors, words)
        return Value.object(Fields(shownForm(groups))).merging([
            "program": .text(program.name), "path": .text("/programs/\(program.id)/ladder"),
            "drillPath": .text("/programs/\(program.id)/drills"), "drillForm": shownForm([plan]),
            "edition": .text(edition.mark), "invalid": .flag(!errors.isEmpty),
            "changed": .flag(errors[Edition.field] != nil),
            "now": .list(ladder.said(words)),
            "faults": .list(ladder.faults(carrying: carried).map { .text($0.said(words)) }),
            "planned": nextDrill.map { .text(words("drills.planned", ["when": words.dayAndTime($0)])) } ?? .nothing,
            "drills": .list(drills.map { shown($0, words) }), "hasDrills": .flag(!drills.isEmpty)
        ])
    }

    private func fields(of place: Int, in typed: Form, _ words: Words) -> [Field] {
        let roles = Ladder.callable.map { Field.Option($0.rawValue, words("ladders.who.\($0.rawValue)")) }
        let people = ladder.callees.map { Field.Option($0.person.text, $0.name) }
        let channels = [ContactChannel.Kind.email, .text].map {
            Field.Option($0.rawValue, words("channels.\($0.rawValue)"))
        }
        return [
            Field(
                "who-\(place)", .select(roles + people), "ladder.who", required: place == 1, in: typed, errors, words),
            Field("minutes-\(place)", .number, "ladder.minutes", required: place == 1, in: typed, errors, words),
            Field(
                "channel-\(place)", .select(channels), "ladder.channel", required: place == 1, in: typed, errors, words)
        ]
    }

    private func shown(_ drill: Drill, _ words: Words) -> Value {
        [
            "when": .text(words.dayAndTime(drill.startedAt)),
            "took": .text(drill.outcome == .unanswered ? words("drills.nobody") : drill.took(words)),
            "who": .text(drill.answeredBy ?? ""),
            "rung": .text(
                drill.round > 0 && drill.outcome != .unanswered
                    ? words("drills.rung-again", ["number": "\(drill.rung)"]) : "\(drill.rung)"),
            "bad": .flag(drill.outcome == .unanswered), "runs": .flag(drill.outcome == nil),
            "undelivered": .flag(drill.isUndelivered)
        ]
    }
}

extension Ladder {
    /// As the form has it.
    var fields: [String: [String]] {
        var fields = ["drills": ["\(drillWeeks ?? 0)"]]
        for (index, rung) in rungs.enumerated() {
            fields["who-\(index + 1)"] =
                switch rung.who {
                case .role(let role): [role.rawValue]
                case .person(let person): [person.text]
                }
            fields["minutes-\(index + 1)"] = ["\(rung.minutes)"]
            fields["channel-\(index + 1)"] = [rung.channel.rawValue]
        }
        return fields
    }

    /// What a form says; rungs left empty are left out.
    init(_ fields: inout FieldReader) {
        var rungs: [Rung] = []
        for place in 1...Self.mostRungs {
            let who = fields.optionalValue("who-\(place)", code: "not-a-choice") { text -> Who? in
                if let role = Role(rawValue: text) { return .role(role) }
                return Person.ID(untrusted: text).map(Who.person)
            }
            let minutes = fields.optionalInteger("minutes-\(place)", in: Self.minutesAllowed)
            let channel = fields.optionalChoice("channel-\(place)", of: ContactChannel.Kind.self)
            guard let who else { continue }
            if minutes == nil { fields.fail("minutes-\(place)", "required") }
            if let channel, ![.email, .text].contains(channel) { fields.fail("channel-\(place)", "not-a-choice") }
            rungs.append(Rung(who, minutes: minutes ?? 1, by: channel ?? .email))
        }
        let weeks = fields.optionalInteger("drills", in: 0...520)
        if let weeks, weeks > 0, !Self.drillChoices.contains(weeks) { fields.fail("drills", "not-a-choice") }
        self.init(rungs, drillWeeks: weeks.flatMap { $0 > 0 ? $0 : nil })
    }
}
