import Storage
import Web

/// Three taps: here, whom it is about, and what it is about; the last one sends it. Whoever came from a conversation or
/// a match needs only the last, and nobody has to name anybody or write a word.
struct RaiseScreen: Screen {
    static let template = "concerns/raise"

    /// Whom a form names, in which program: `program` or `program_person`.
    struct Who: Sendable, Equatable {
        let program: Program.ID
        let person: Person.ID?

        static let none = Who(program: Program.ID(""), person: nil)

        init(program: Program.ID, person: Person.ID?) { (self.program, self.person) = (program, person) }

        init?(_ text: String) {
            let parts = text.split(separator: "_").map(String.init)
            guard (1...2).contains(parts.count), let program = Program.ID(untrusted: parts[0]) else { return nil }
            guard parts.count == 2 else {
                self.init(program: program, person: nil)
                return
            }
            guard let person = Person.ID(untrusted: parts[1]) else { return nil }
            self.init(program: program, person: person)
        }

        var text: String { person.map { "\(program)_\($0)" } ?? program.text }
    }

    /// Where whoever raises it came from.
    enum Origin: Sendable {
        case anywhere
        case match(Match.ID)
        case referral(Referral.ID)
        case supporter(Person.ID)
        /// More about what they raised.
        case concern(Concern.ID)
        /// The page itself, with something wrong in it.
        case form(Form)

        init(_ query: Form) throws {
            func id<Thing>(_ name: String) throws -> Identifier<Thing>? {
                guard let text = query[name] else { return nil }
                guard let id = Identifier<Thing>(untrusted: text) else { throw Problem.notFound }
                return id
            }
            if let match: Match.ID = try id("match") {
                self = .match(match)
            } else if let referral: Referral.ID = try id("referral") {
                self = .referral(referral)
            } else if let supporter: Person.ID = try id("supporter") {
                self = .supporter(supporter)
            } else if let concern: Concern.ID = try id("concern") {
                self = .concern(concern)
            } else {
                self = .anywhere
            }
        }
    }

    struct Choice: Sendable {
        let who: Who
        /// nil where nobody is named.
        let name: String?
        let isMe: Bool
        let program: String
    }

    /// How many people one has been matched with are offered by name.
    static let mostNamed = 12

    let choices: [Choice]
    let form: Form
    let errors: FieldErrors
    let once: String
    /// Where it is sent.
    let actionPath: String
    /// What the person asking raised before.
    let raised: [Concern]

    init(from origin: Origin, errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        self.errors = errors
        raised = try Concern.raised(in: db)
        actionPath = "/concerns"
        var sent = Form()
        if case .form(let form) = origin { sent = form }
        form = sent
        once = sent["once"] ?? db.world.newIdentifier()
        choices = try Self.choices(from: origin, in: db)
        for choice in choices { if let person = choice.who.person { db.disclose(.listed, of: person) } }
    }

    /// For somebody without an account, who came with reference and PIN: whoever supports them, themselves, or nobody by
    /// name.
    init(
        by link: SignedLink, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let referral = try Concern.referral(of: link, in: db)
        let program = try Program.find(referral.program, in: db).name
        (self.form, self.errors, raised) = (form, errors, [])
        once = form["once"] ?? db.world.newIdentifier()
        actionPath = "/progress/\(link.token(in: db.world))/concern"
        func choice(_ person: Person.ID?, _ name: String? = nil) -> Choice {
            Choice(
                who: Who(program: referral.program, person: person), name: name, isMe: person == referral.person,
                program: program)
        }
        let supporters = try db.all(
            """
            SELECT DISTINCT p.id, coalesce(p.called, p.name) AS name FROM match m
            JOIN person p ON p.organization_id = m.organization_id AND p.id = m.supporter_id
            WHERE m.organization_id = \(link.organization) AND m.program_id = \(referral.program)
                AND m.participant_id = \(referral.person) AND m.status IN ('active', 'ended') ORDER BY name, p.id LIMIT 12
            """
        ) { (id: try $0["id"] as Person.ID, name: try $0["name"] as String) }
        choices = supporters.map { choice($0.id, $0.name) } + [choice(referral.person), choice(nil)]
        for supporter in supporters { db.disclose(.listed, of: supporter.id) }
    }

    private static func choices(from origin: Origin, in db: Reading) throws -> [Choice] {
        let me = try db.me
        switch origin {
        case .match(let id):
            let match = try Match.find(id, in: db)
            let other = [match.participant, match.supporter].filter { $0 != me }
            return try other.map { try named($0, in: match.program, db) }
        case .referral(let id):
            let referral = try Referral.find(id, in: db)
            guard db.actor.roles.contains(where: { $0.program == referral.program }) else { throw Problem.notFound }
            return [try named(referral.person, in: referral.program, db)]
        case .supporter(let person):
            let mine = db.actor.roles.filter { $0.role == .coordinator || $0.role == .supervisor }.map(\.program)
            let program =
                mine.isEmpty
                ? nil
                : try db.value(
                    """
                    SELECT program_id FROM membership WHERE organization_id = \(db.organization) AND person_id = \(person)
                    AND role = \(Role.supporter) AND program_id IN \(list: mine) ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, program_id
                    LIMIT 1
                    """, as: Program.ID.self)
            guard let program else { throw Problem.notFound }
            return [try named(person, in: program, db)]
        case .concern(let id):
            let concern = try Concern.raised(id, in: db)
            guard let about = concern.about else { return try everybody(in: db) }
            return [try named(about, in: concern.program, db)]
        case .anywhere: return try everybody(in: db)
        case .form(let form):
            let choices = try everybody(in: db)
            guard let who = form["who"].flatMap(Who.init), let person = who.person,
                !choices.contains(where: { $0.who == who }), try Concern.mayName(person, in: who.program, db)
            else { return choices }
            return [try named(person, in: who.program, db)]
        }
    }

    private static func named(_ person: Person.ID, in program: Program.ID, _ db: Reading) throws -> Choice {
        Choice(
            who: Who(program: program, person: person), name: try db.name(of: person), isMe: person == db.actor.person,
            program: try Program.find(program, in: db).name)
    }

    /// Whoever one was matched with, oneself where one receives support, and nobody by name in each of one's programs.
    private static func everybody(in db: Reading) throws -> [Choice] {
        let (organization, me) = (try db.organization, try db.me)
        func others(_ mine: SQL, _ theirs: SQL) -> SQL {
            """
            SELECT m.program_id, m.\(theirs) AS person_id, m.status, m.started_at FROM match m
            WHERE m.organization_id = \(organization) AND m.\(mine) = \(me) AND m.status IN ('active', 'ended')
            """
        }
        let matched = try db.all(
            """
            SELECT x.program_id, x.person_id, coalesce(p.called, p.name) AS name, g.name AS program, max(x.started_at) AS last
            FROM (\(others("supporter_id", "participant_id")) UNION ALL \(others("participant_id", "supporter_id"))) AS x
            JOIN person p ON p.organization_id = \(organization) AND p.id = x.person_id
            JOIN program g ON g.organization_id = \(organization) AND g.id = x.program_id
            GROUP BY x.program_id, x.person_id, p.called, p.name, g.name
            ORDER BY min(CASE WHEN x.status = 'active' THEN 0 ELSE 1 END), last DESC, x.person_id LIMIT \(mostNamed)
            """
        ) {
            Choice(
                who: Who(program: try $0["program_id"], person: try $0["person_id"]), name: try $0["name"], isMe: false,
                program: try $0["program"])
        }
        let mine = db.actor.roles.map(\.program)
        let programs = mine.isEmpty ? [] : try Program.all(of: organization, in: db).filter { mine.contains($0.id) }
        let own = programs.filter { db.actor.has(.participant, in: $0.id) }.map {
            Choice(who: Who(program: $0.id, person: me), name: nil, isMe: true, program: $0.name)
        }
        let unnamed = programs.map {
            Choice(who: Who(program: $0.id, person: nil), name: nil, isMe: false, program: $0.name)
        }
        return matched + own + unnamed
    }

    func title(_ words: Words) -> String { words("concerns.raise.title") }

    func shown(_ words: Words) -> Value {
        let isFixed = choices.count == 1 && choices.first?.who.person != nil
        let programs = Set(choices.map(\.who.program)).count
        let options = choices.map { choice in
            let key =
                choice.name != nil
                ? nil : choice.isMe ? "concerns.raise.me" : "concerns.raise.nobody"
            let text = choice.name ?? key.map { words($0) } ?? ""
            return Field.Option(choice.who.text, programs > 1 ? "\(text) (\(choice.program))" : text)
        }
        var typed = form
        if typed["who"] == nil, let nobody = choices.first(where: { $0.who.person == nil }) {
            typed = Form(["who": [nobody.who.text], "words": typed.all("words")])
        }
        var fields: [Field] = []
        if !isFixed {
            fields.append(
                Field("who", .choice(options), "concerns.raise.who", required: true, in: typed, errors, words))
        }
        fields.append(Field("words", .lines(3), "concerns.raise.words", hinted: true, in: typed, errors, words))
        return [
            "form": shownForm(fields), "once": .text(once), "actionPath": .text(actionPath),
            "about": isFixed ? .text(words("concerns.raise.about", ["name": choices[0].name ?? ""])) : .nothing,
            "who": isFixed ? .text(choices[0].who.text) : .nothing,
            "none": .flag(choices.isEmpty),
            "kinds": .list(
                Concern.Kind.choices.map {
                    ["value": .text($0.rawValue), "text": .text(words("concerns.raise.kind.\($0.rawValue)"))]
                }),
            "raised": .list(
                raised.map { concern in
                    [
                        "path": .text("/concerns/raised/\(concern.id)"),
                        "text": .text(words("concerns.kind.\(concern.kind.rawValue)")),
                        "when": .text(words.dayAndTime(concern.raisedAt)),
                        "state": .text(words("concerns.state.\(concern.state.rawValue)"))
                    ]
                }),
            "hasRaised": .flag(!raised.isEmpty), "invalid": .flag(!errors.isEmpty)
        ]
    }
}
