import Storage
import Web

/// The public page on which somebody asks for support: three questions, no account, for themselves or for somebody
/// they care for.
struct GetSupportScreen: Screen {
    static let template = "public/get-support"

    let organization: Organization
    let programs: [Program]
    /// What their policies say now about whom they are for.
    let policies: [Program.ID: PublishedPolicy]
    /// The number that people may call instead.
    let telephone: String?
    let form: Form
    let errors: FieldErrors
    let once: String

    init(_ slug: String, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        organization = try Organization.find(slug: slug, in: db)
        programs = try Program.staffed(of: organization.id, in: db)
        once = form.once ?? db.world.newIdentifier()
        policies = try PublishedPolicy.all(of: organization.id, in: db)
        telephone = try NeutralNames.chosen(by: organization.id, in: db)?.telephone
        self.form = form
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("support.title") }

    func shown(_ words: Words) -> Value {
        func field(
            _ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false, _ complete: String? = nil
        ) -> Field {
            Field(
                name, kind, "support.\(name)", hinted: hinted, required: required, autocomplete: complete, in: form,
                errors, words)
        }
        let questions = [
            field(
                "whom", .choice(["self", "other"].map { Field.Option($0, words("support.whom.\($0)")) }), required: true
            ),
            field(
                "program", .choice(programs.map { $0.option(policies) }), required: true
            ),
            field("reach", .line, hinted: true, required: true),
            field("leave-message", .check)
        ]
        let more = [
            field("name", .line, hinted: true),
            field("asker", .line, hinted: true, "name"),
            field("language", .select(languages(words)))
        ]
        let isOpen = more.contains { $0.error != nil || !$0.values.allSatisfy(\.isEmpty) }
        return [
            "form": shownForm(questions + more).merging(["fields": .list(questions.map(\.shown))]),
            "more": .list(more.map(\.shown)), "open": .flag(isOpen), "invalid": .flag(!errors.isEmpty),
            "organization": .text(organization.name), "telephone": Value(telephone),
            "callPath": Value(telephone.map { "tel:" + $0.filter { $0.isNumber || $0 == "+" } }),
            "actionPath": .text("/get-support/\(organization.slug)"), "once": .text(once),
            "nobody": .flag(programs.isEmpty)
        ]
    }

    /// What the form says, as a draft.
    /// - Parameter language: The one the form was read in: theirs, unless they say another.
    static func draft(_ form: Form, unnamed: String, language: String = "en") throws -> ReferralDraft {
        try form.read { fields in
            let program = fields.value("program", code: "not-a-choice", standIn: Program.ID("")) {
                Program.ID(untrusted: $0)
            }
            let forOther = fields.value("whom", code: "not-a-choice", standIn: false) {
                ["self": false, "other": true][$0]
            }
            let reach = fields.text("reach", required: true, max: 200).withWesternDigits
            var person = PersonDraft(name: fields.text("name", max: 200).ifEmpty(unnamed))
            person.language = fields.language("language", otherwise: language)
            person.channels = [
                ContactChannel(
                    kind: reach.contains("@") ? .email : .phone, address: reach,
                    mayLeaveMessage: fields.flag("leave-message"))
            ]
            var draft = ReferralDraft(program: program, who: .new(person), origin: .own, reason: "")
            draft.forOther = forOther
            let asker = fields.text("asker", max: 200)
            if forOther, !asker.isEmpty {
                draft.care = .caredForBy(PersonDraft(name: asker, language: person.language), as: "other")
            }
            draft.wishes.languages = [person.language]
            return draft
        }
    }
}

/// Reference and PIN, shown to whoever just asked, for a short while.
struct AskedScreen: Screen {
    static let template = "public/asked"

    let reference: String
    let pin: String
    let hours: Int
    /// Where they can say how they are; nil where the program does not ask.
    let needsPath: String?

    init(_ link: SignedLink, in db: Reading) throws {
        let referral = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
        reference = referral.reference
        pin = referral.pin(in: db.world)
        let policy = try PublishedPolicy.version(referral.policyVersion, of: referral.program, in: db).policy
        hours = policy.hours(in: Referral.Queue.intake.rawValue, isUrgent: false)
        // Whoever reads this page has read the PIN.
        let progress = SignedLink(
            .progress, of: referral.organization, to: referral.id.text, until: db.now.adding(minutes: 30))
        needsPath = referral.asksForNeeds(by: policy) ? "/progress/\(progress.token(in: db.world))/needs" : nil
    }

    func title(_ words: Words) -> String { words("asked.title") }

    func shown(_ words: Words) -> Value {
        [
            "reference": .text(reference), "pin": .text(pin), "within": .text(words.span(hours * 60)),
            "needsPath": Value(needsPath)
        ]
    }
}

extension Referral {
    /// Six digits that only this installation can tell from a referral's identifier. Nothing is stored.
    package func pin(in world: World) -> String {
        let number = world.linkKey.derived(for: "pin|\(id)").text.utf8.reduce(UInt64(5_381)) { $0 &* 33 &+ UInt64($1) }
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// How many wrong PINs lock a reference, and for how many minutes.
    static let pinTries = 5
    static let pinLockMinutes = 15

    /// Checks reference and PIN. Wrong ones are counted, and too many lock the reference for a while. One that nobody has
    /// and one that is locked answer alike, so that nobody learns by trying which ones there are.
    /// - Returns: a link to the progress page, or nil when they do not fit, or not now.
    package static func unlock(reference: String, pin: String, in db: Writing) throws -> SignedLink? {
        let (reference, pin) = (reference.withWesternDigits, pin.withWesternDigits)
        let key = reference.uppercased().filter { $0.isLetter || $0.isNumber }
        guard key.count == 8 else { return nil }
        let spelled = key.prefix(4) + "-" + key.suffix(4)
        guard
            let found = try db.first(
                "SELECT * FROM referral WHERE reference = \(String(spelled))",
                {
                    (
                        referral: try Referral(row: $0), failures: try $0["pin_failures"] as Int,
                        until: try $0["pin_locked_until"] as Instant?
                    )
                })
        else { return nil }
        let (referral, failures) = (found.referral, found.failures)
        if let until = found.until, until > db.now { return nil }
        guard Secret(presented: referral.pin(in: db.world)).matches(pin.filter(\.isNumber)) else {
            let locks = (failures + 1) % pinTries == 0
            try db.run(
                """
                UPDATE referral SET pin_failures = pin_failures + 1,
                    pin_locked_until = \(locks ? db.now.adding(minutes: pinLockMinutes) : nil)
                WHERE organization_id = \(referral.organization) AND id = \(referral.id)
                """)
            db.record(referral.event(.pinMissed))
            return nil
        }
        if failures > 0 {
            try db.run(
                """
                UPDATE referral SET pin_failures = 0, pin_locked_until = NULL
                WHERE organization_id = \(referral.organization) AND id = \(referral.id)
                """)
            db.record(referral.event(.pinAccepted))
        }
        return SignedLink(.progress, of: referral.organization, to: referral.id.text, until: db.now.adding(minutes: 30))
    }
}

extension EventKind {
    package static let pinMissed = EventKind("referral.pin-missed")
    package static let pinAccepted = EventKind("referral.pin-accepted")
}
