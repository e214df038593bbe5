import Storage
import Web

extension NeedsCheck {
    /// The way by which somebody comes to the questions.
    enum Door: Sendable {
        case link(SignedLink)
        case own(Referral.ID)
        case coordinator(Referral.ID)

        var teller: Teller {
            if case .coordinator = self { .coordinator } else { .themselves }
        }

        /// The request that it is about, where people are asked for it.
        /// - Throws: ``Problem/notFound`` for whoever has no right to it, and where nothing is asked;
        ///   `.conflict("referral.already-closed")`.
        func referral(in db: Reading) throws -> (referral: Referral, asked: [Question]) {
            let referral = try find(in: db)
            guard referral.isOpen else { throw Problem.conflict("referral.already-closed") }
            let policy = try PublishedPolicy.current(of: referral.program, in: db).policy
            guard referral.asksForNeeds(by: policy) else { throw Problem.notFound }
            return (referral, policy.needs.asked)
        }

        private func find(in db: Reading) throws -> Referral {
            switch self {
            case .link(let link):
                let asked = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
                let goesOn = try asked.followed(in: db)
                // Never another record: that two are the same person is for staff to say, and they may be wrong.
                guard goesOn.person == asked.person else { throw Problem.notFound }
                return goesOn
            case .own(let id):
                let referral = try Referral.findOwn(id, in: db)
                guard referral.person == db.actor.person else { throw Problem.notFound }
                return referral
            case .coordinator(let id):
                let referral = try Referral.findOnBoard(id, in: db)
                guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
                return referral
            }
        }

        /// What they said last by this door.
        func newest(in db: Reading) throws -> (check: NeedsCheck, referral: Referral) {
            let referral = try find(in: db)
            guard let check = try NeedsCheck.newest(of: referral, db) else { throw Problem.notFound }
            return (check, referral)
        }
    }

    /// The addresses of a door.
    struct Paths: Sendable {
        let (action, said, back): (SitePath, SitePath, SitePath)

        init(_ door: Door, token: String = "") {
            (action, said, back) =
                switch door {
                case .link: ("/progress/\(token)/needs", "/progress/\(token)/needs/said", "/progress/\(token)")
                case .own(let id): ("/needs-check/\(id)", "/needs-check/\(id)/said", "/home")
                case .coordinator(let id):
                    ("/referrals/\(id)/needs-check", "/referrals/\(id)/needs-check", "/referrals/\(id)/needs-check")
                }
        }
    }
}

/// A few questions about how somebody is, each of which can be skipped.
struct NeedsCheckScreen: Screen {
    static let template = "needs-checks/ask"

    let paths: NeedsCheck.Paths
    let questions: [NeedsCheck.Question]
    /// Whether a caregiver asked for somebody else.
    let isForOther: Bool
    /// The language of the person, where a coordinator reads the questions to them and has them in another.
    let spoken: Strings?
    let isRead: Bool
    /// Whether they answered before.
    let hasSaid: Bool
    let once: String
    let form: Form
    let errors: FieldErrors

    init(
        _ door: NeedsCheck.Door, _ paths: NeedsCheck.Paths, in translations: Translations, _ form: Form = Form(),
        _ errors: FieldErrors = FieldErrors(), db: Reading
    ) throws {
        let (referral, questions) = try door.referral(in: db)
        (self.paths, self.questions, self.form, self.errors) = (paths, questions, form, errors)
        isForOther = referral.forOther && referral.origin == .own
        once = form["once"] ?? db.world.newIdentifier()
        if case .coordinator = door { isRead = true } else { isRead = false }
        hasSaid = try !isRead && NeedsCheck.newest(of: referral, db) != nil
        let language = isRead ? try Person.details(of: referral.person, in: referral.organization, db: db).language : ""
        spoken = translations.locales.contains(language) ? translations[language] : nil
    }

    func title(_ words: Words) -> String { words("needs-check.title") }

    func shown(_ words: Words) -> Value {
        let isSpokenOtherwise = spoken.map { $0.locale != words.strings.locale } ?? false
        return [
            "form": shownForm(questions.map { $0.field(form, errors, words) }), "once": .text(once),
            "actionPath": .text(paths.action.string), "backPath": .text(paths.back.string),
            "other": .flag(isForOther && !isRead),
            "read": .flag(isRead), "saidPath": hasSaid ? .text(paths.said.string) : .nothing,
            "spoken": isSpokenOtherwise ? spoken.map(shown) ?? .nothing : .nothing
        ]
    }

    /// What to read aloud.
    private func shown(_ spoken: Strings) -> Value {
        [
            "language": .text(spoken.locale),
            "lines": .list(
                questions.map { question in
                    let answers = question.answers.map { spoken("needs-check.\(question.rawValue).\($0)") }
                    return [
                        "question": .text(spoken("needs-check.\(question.rawValue)")),
                        "answers": .text(answers.joined(separator: " · "))
                    ]
                })
        ]
    }

    /// What was answered; what is left out was skipped.
    /// - Throws: ``FieldErrors`` where an answer is none that is offered.
    static func read(_ form: Form) throws -> [NeedsCheck.Question: String] {
        try form.read { fields in
            var answers: [NeedsCheck.Question: String] = [:]
            for question in NeedsCheck.Question.allCases {
                answers[question] = fields.optionalValue(question.rawValue, code: "not-a-choice") {
                    question.answers.contains($0) ? $0 : nil
                }
            }
            if answers.isEmpty { fields.fail(NeedsCheck.Question.safe.rawValue, "one-answer") }
            return answers
        }
    }
}

/// What follows from what somebody said, in plain words and with the answers that led to it.
struct NeedsSaidScreen: Screen {
    static let template = "needs-checks/said"

    let check: NeedsCheck
    let referral: Referral
    let paths: NeedsCheck.Paths
    /// What was raised, where people were called, and who has it in hand.
    let raised: (concern: Concern, owner: String?)?
    /// Where they read more of it.
    let concernPath: String?
    let mayAnswerAgain: Bool

    init(_ door: NeedsCheck.Door, _ paths: NeedsCheck.Paths, in db: Reading) throws {
        (check, referral) = try door.newest(in: db)
        self.paths = paths
        mayAnswerAgain = referral.asksForNeeds(by: try PublishedPolicy.current(of: referral.program, in: db).policy)
        let house = referral.organization
        raised = try check.concern.flatMap { try Concern.load($0, of: house, in: db) }.map {
            ($0, try db.name(of: $0.acknowledgedBy))
        }
        // Only whoever raised it reads it.
        let isRaisedByThem = check.writtenBy == nil
        concernPath = check.concern.flatMap { concern in
            guard isRaisedByThem else { return nil }
            if case .link = door { return "\(paths.back)/concerns/\(concern)" }
            return "/concerns/raised/\(concern)"
        }
    }

    func title(_ words: Words) -> String { words("needs-check.thanks") }

    func shown(_ words: Words) -> Value {
        let soon = referral.due.flatMap { $0 > words.now && referral.isOpen ? $0 : nil }
        let named = ["name": raised?.owner ?? ""]
        let called =
            switch raised?.concern.state {
            case .acknowledged: words("concerns.raised.heading.acknowledged", named)
            case .closed: words("concerns.raised.heading.closed", named)
            case .escalating where raised?.concern.nobodyAt != nil: words("concerns.raised.alone")
            default: words("needs-check.follows.people")
            }
        func follows(_ consequence: NeedsCheck.Consequence, _ text: String) -> Value {
            check.reason(for: consequence, to: .themselves, words).map { ["text": .text(text), "because": .text($0)] }
                ?? .nothing
        }
        return [
            "people": follows(.people, called), "concernPath": Value(concernPath),
            "numbers": follows(.numbers, words("needs-check.follows.numbers")),
            "sooner": follows(
                .sooner,
                soon.map { words("needs-check.follows.sooner", ["when": words.dayAndTime($0)]) }
                    ?? words("needs-check.follows.sooner-now")),
            "clinic": follows(.clinic, words("needs-check.follows.clinic")),
            "same": .flag(check.consequences.isEmpty), "answers": check.shownAnswers(words),
            "unreadable": .flag(check.answers == nil), "when": .text(words.ago(check.saidAt)),
            "againPath": mayAnswerAgain ? .text(paths.action.string) : .nothing, "backPath": .text(paths.back.string)
        ]
    }
}
