import Storage
import Web

/// Two questions at the end, and the door left open.
struct FeedbackScreen: Screen {
    static let template = "home/feedback"

    let actionPath: String
    let backPath: String
    let form: Form
    let errors: FieldErrors

    init(_ id: Referral.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        _ = try Self.ended(id, in: db)
        (actionPath, backPath) = ("/feedback/\(id)", "/home")
        (self.form, self.errors) = (form, errors)
    }

    /// For a coordinator who writes down what somebody said.
    init(
        noting referral: Referral, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors()
    ) throws {
        guard !referral.isOpen else { throw Problem.conflict("feedback.not-yet") }
        backPath = "/referrals/\(referral.id)/on-behalf"
        actionPath = "\(backPath)/feedback"
        (self.form, self.errors) = (form, errors)
    }

    /// For somebody without an account, who came with reference and PIN.
    init(
        by link: SignedLink, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        _ = try Self.ended(by: link, in: db)
        backPath = "/progress/\(link.token(in: db.world))"
        actionPath = "\(backPath)/feedback"
        (self.form, self.errors) = (form, errors)
    }

    /// The referral behind a progress link, once support has come to an end.
    static func ended(by link: SignedLink, in db: Reading) throws -> Referral {
        let referral = try Referral.load(Referral.ID(link.object), of: link.organization, in: db)
        guard referral.mayHaveFeedback else { throw Problem.notFound }
        return referral
    }

    /// A referral of one's own that has ended.
    static func ended(_ id: Referral.ID, in db: Reading) throws -> Referral {
        let referral = try Referral.findOwn(id, in: db)
        guard referral.person == db.actor.person, !referral.isOpen else { throw Problem.notFound }
        return referral
    }

    func title(_ words: Words) -> String { words("feedback.title") }

    func shown(_ words: Words) -> Value {
        func options(_ name: String, _ values: [String]) -> Field.Kind {
            .choice(values.map { Field.Option($0, words("feedback.\(name).\($0)")) })
        }
        let fields = [
            Field(
                "helped", options("helped", ["yes", "partly", "no"]), "feedback.helped", required: true, in: form,
                errors, words),
            Field(
                "again", options("again", ["yes", "maybe", "no"]), "feedback.again", required: true, in: form, errors,
                words),
            Field("words", .lines(4), "feedback.words", in: form, errors, words)
        ]
        return [
            "form": shownForm(fields), "actionPath": .text(actionPath), "backPath": .text(backPath),
            "invalid": .flag(!errors.isEmpty)
        ]
    }
}

/// Says thank you.
struct ThanksScreen: Screen {
    static let template = "home/thanks"
    func title(_ words: Words) -> String { words("feedback.thanks") }
    func shown(_ words: Words) -> Value { ["text": .text(words("feedback.door"))] }
}
