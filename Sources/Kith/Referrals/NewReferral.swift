import Storage
import Web

/// The referrer's form: under a minute, nothing clinical.
struct NewReferralScreen: Screen {
    static let template = "referrals/new"

    let programs: [Program]
    /// What their policies say now about whom they are for.
    let policies: [Program.ID: PublishedPolicy]
    let form: Form
    let errors: FieldErrors
    let once: String

    init(_ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        let mine = Set(db.actor.roles.filter { [.referrer, .coordinator].contains($0.role) }.map(\.program))
        programs = try Program.staffed(of: db.organization, in: db).filter { mine.contains($0.id) }
        once = form.once ?? db.world.newIdentifier()
        policies = try PublishedPolicy.all(of: db.organization, in: db)
        self.form = form
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("referrals.new.title") }

    func shown(_ words: Words) -> Value {
        func field(
            _ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false, _ complete: String = "off"
        ) -> Field {
            Field(
                name, kind, "referrals.new.\(name)", hinted: hinted, required: required, autocomplete: complete,
                in: form, errors, words)
        }
        let fields = [
            field(
                "program", .choice(programs.map { $0.option(policies) }), required: true
            ),
            field("name", .line, hinted: true, required: true),
            field(
                "whom", .choice(["self", "other"].map { Field.Option($0, words("referrals.new.whom.\($0)")) }),
                required: true),
            field("cared-for", .line, hinted: true),
            field("reason", .lines(3), hinted: true, required: true),
            field("language", .select(languages(words))),
            field("phone", .telephone, hinted: true),
            field("leave-message", .check),
            field("urgent", .check, hinted: true),
            field("agreed", .check, hinted: true, required: true)
        ]
        return ["form": shownForm(fields), "invalid": .flag(!errors.isEmpty), "once": .text(once)]
    }

    /// What the form says, as a draft.
    /// - Throws: `FieldErrors` with everything that needs another look.
    static func draft(_ form: Form, by referrer: Person.ID) throws -> ReferralDraft {
        try form.read { fields in
            let program = fields.value("program", code: "not-a-choice", standIn: Program.ID("")) {
                Program.ID(untrusted: $0)
            }
            var person = PersonDraft(name: fields.text("name", required: true, max: 200))
            person.language = fields.language("language")
            let phone = fields.text("phone", max: 60).withWesternDigits
            if !phone.isEmpty {
                person.channels = [
                    ContactChannel(kind: .phone, address: phone, mayLeaveMessage: fields.flag("leave-message"))
                ]
            }
            var draft = ReferralDraft(
                program: program, who: .new(person), origin: .referrer, referrer: referrer,
                reason: fields.text("reason", required: true, max: 600, multiline: true))
            draft.forOther = fields.value("whom", code: "not-a-choice", standIn: false) {
                ["self": false, "other": true][$0]
            }
            let caredFor = fields.text("cared-for", max: 200)
            if !caredFor.isEmpty {
                draft.care = .caresFor(PersonDraft(name: caredFor, language: person.language), as: "other")
            }
            draft.priority = fields.flag("urgent") ? .urgent : .routine
            draft.wishes.languages = [person.language]
            // Nobody is referred behind their back.
            if !fields.flag("agreed") { fields.fail("agreed", "required") }
            return draft
        }
    }
}

/// The languages people can ask for, by code, in the reader's words.
func languages(_ words: Words) -> [Field.Option] {
    Language.offered.map { Field.Option($0, words.language($0)) }
}

extension FieldReader {
    /// One of the languages people can ask for; English, or `otherwise`, where nothing is said.
    mutating func language(_ name: String, otherwise: String = "en") -> String {
        optionalValue(name, code: "not-a-choice") { Language.offered.contains($0) ? $0 : nil } ?? otherwise
    }
}

extension Form {
    /// What a page put into its form so that sending it twice is one thing.
    var once: String? { self["once"].flatMap { Referral.ID(untrusted: $0) }?.text }

    /// Names this sending: the same page with the same answers by the same person. Changed answers are another sending,
    /// so what somebody else left open in a browser never answers for them.
    func key(by sender: String) -> String? {
        guard once != nil else { return nil }
        let answers = names.filter { $0 != "form-token" }.flatMap { [$0] + all($0) + [""] }
        return Secret(presented: ([sender] + answers).joined(separator: "\n")).hash
    }
}

extension String {
    func ifEmpty(_ other: String) -> String { isEmpty ? other : self }
}
