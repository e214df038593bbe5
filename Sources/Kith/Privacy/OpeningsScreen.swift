import Storage
import Web

/// Records opened for a reason: what one has open oneself, and what waits for one's word on somebody else's.
struct OpeningsScreen: Screen {
    static let template = "privacy/openings"

    let mine: [Opening]
    let toReview: [Opening]
    let maySupervise: Bool

    init(in db: Reading) throws {
        mine = try Opening.mine(in: db)
        toReview = try Opening.toReview(in: db)
        maySupervise = db.actor.has(.supervisor)
    }

    func title(_ words: Words) -> String { words("openings.title") }

    func shown(_ words: Words) -> Value {
        [
            "mine": .list(
                mine.map {
                    [
                        "path": .text("/openings/\($0.id)"), "reason": .text($0.reason ?? words("text.unreadable")),
                        "until": .text(words("openings.until", ["when": words.dayAndTime($0.endsAt)]))
                    ]
                }),
            "toReview": .list(
                toReview.map {
                    [
                        "path": .text("/openings/\($0.id)/review"), "who": .text($0.openerName),
                        "when": .text(words.dayAndTime($0.openedAt)), "due": .text(words.due($0.reviewDue)),
                        "late": .flag($0.reviewDue < words.now)
                    ]
                }),
            "maySupervise": .flag(maySupervise)
        ]
    }
}

/// Where a supervisor says whose record they open, and why.
struct NewOpeningScreen: Screen {
    static let template = "privacy/new-opening"

    let form: Form
    let errors: FieldErrors

    /// - Parameter referral: the one whose page they come from.
    init(
        of referral: Referral.ID? = nil, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        let reference = try referral.map { try Referral.find($0, in: db).reference }
        form = typed ?? Form(["reference": reference.map { [$0] } ?? []])
        self.errors = errors
    }

    /// Opens what the form asks for.
    static func open(_ form: Form, in db: Writing) throws -> Opening.ID {
        let (reference, reason) = try form.read { fields in
            (
                fields.text("reference", required: true, max: 20),
                fields.text("reason", required: true, max: Opening.longest, multiline: true)
            )
        }
        let key = reference.withWesternDigits.uppercased().filter { $0.isLetter || $0.isNumber }
        let spelled = "\(key.prefix(4))-\(key.dropFirst(4))"
        // Also where it is sealed: that is what opening is for. Whoever does not know the reference learns nothing.
        let found = try db.first(
            """
            SELECT id, person_id, program_id FROM referral WHERE organization_id = \(db.organization)
            AND reference = \(spelled) AND program_id IN \(db.programs(seeing: .request, as: [.supervisor]))
            """
        ) { (try $0["id"] as String, try $0["person_id"] as Person.ID, try $0["program_id"] as Program.ID) }
        guard let (referral, person, program) = found else { throw Problem.invalid("reference", "no-such-reference") }
        return try Opening.open(person, in: program, by: referral, because: reason, db: db)
    }

    func title(_ words: Words) -> String { words("openings.new.title") }

    func shown(_ words: Words) -> Value {
        let fields = [
            Field(
                "reference", .line, "openings.reference", hinted: true, required: true, autocomplete: "off", in: form,
                errors, words),
            Field("reason", .lines(3), "openings.reason", hinted: true, required: true, in: form, errors, words)
        ]
        return ["form": shownForm(fields), "invalid": .flag(!errors.isEmpty)]
    }
}

/// Where somebody else says whether the reason was good enough. A supervisor who finds the request reads which it was;
/// whoever only administers does not learn who it is about.
struct OpeningReviewScreen: Screen {
    static let template = "privacy/opening-review"

    let opening: Opening
    /// Of the request it was opened by; nil for whoever may not know it.
    let reference: String?
    /// How often the record was looked at.
    let looks: Int
    let form: Form
    let errors: FieldErrors

    init(_ id: Opening.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        opening = try Opening.toReview(id, in: db)
        guard opening.verdict == nil else { throw Problem.conflict("opening.reviewed") }
        let organization = try db.organization
        reference = try db.value(
            """
            SELECT reference FROM referral WHERE organization_id = \(organization) AND id = \(opening.referral)
            AND \(db.reach(.request, of: .referral("referral"), as: [.supervisor]))
            """)
        if reference != nil { db.disclose(.listed, of: opening.person) }
        looks =
            try db.value(
                """
                SELECT count(*) FROM (SELECT 1 FROM disclosure WHERE organization_id = \(organization)
                    AND subject_id = \(opening.person) AND at >= \(opening.openedAt) AND at <= \(opening.endsAt)
                    AND actor = \("person:\(opening.openedBy)") AND what = \(Disclosure.What.opened) LIMIT 1000) AS looks
                """) ?? 0
        (self.form, self.errors) = (form, errors)
    }

    static func keep(_ form: Form, of id: Opening.ID, in db: Writing) throws {
        let verdict = try form.read { fields in
            fields.value("verdict", code: "required", standIn: .justified, Opening.Verdict.init(rawValue:))
        }
        try Opening.toReview(id, in: db).review(verdict, in: db)
    }

    func title(_ words: Words) -> String { words("openings.review.title") }

    func shown(_ words: Words) -> Value {
        let verdicts = Opening.Verdict.allCases.map {
            Field.Option($0.rawValue, words("openings.verdict.\($0.rawValue)"))
        }
        let fields = [
            Field("verdict", .choice(verdicts), "openings.verdict", required: true, in: form, errors, words)
        ]
        return [
            "id": .text(opening.id.text), "who": .text(opening.openerName),
            "reason": .text(opening.reason ?? words("text.unreadable")),
            "reference": Value(reference), "when": .text(words.dayAndTime(opening.openedAt)),
            "until": .text(words.dayAndTime(opening.endsAt)),
            "looks": .text(words("openings.looks", count: looks)), "due": .text(words.due(opening.reviewDue)),
            "form": shownForm(fields), "invalid": .flag(!errors.isEmpty)
        ]
    }
}
