import Storage
import Web

/// Where somebody says themselves what they wish for in a supporter, while their referral is open.
struct OwnWishesScreen: Screen {
    static let template = "referrals/own-wishes"

    let referral: Referral
    let asks: WishesForm
    let form: Form
    let errors: FieldErrors
    /// What is kept now, as the form has it.
    let edition: Edition

    /// - Parameter typed: what was sent, when something about it is wrong.
    init(_ id: Referral.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        referral = try Self.open(id, in: db)
        let details = try Person.details(of: referral.person, in: referral.organization, db: db)
        asks = try WishesForm(for: referral, of: details.language, in: db)
        edition = Edition(asks.before.fields.merging(details.about.fields) { $1 })
        form = typed ?? Form(edition.fields)
        self.errors = errors
    }

    /// An open referral of one's own.
    private static func open(_ id: Referral.ID, in db: Reading) throws -> Referral {
        let referral = try Referral.findOwn(id, in: db)
        guard referral.person == db.actor.person, referral.isOpen else { throw Problem.notFound }
        return referral
    }

    /// Writes down what was said, all of it or nothing.
    static func keep(_ form: Form, for id: Referral.ID, in db: Writing) throws {
        let referral = try open(id, in: db)
        let details = try Person.details(of: referral.person, in: referral.organization, db: db)
        let asks = try WishesForm(for: referral, of: details.language, in: db)
        let (about, wishes) = try form.read { fields in
            let about = AboutForm.read(&fields, in: db.today.parts.year)
            return (about, asks.read(form, &fields, comparedWith: about))
        }
        let edition = Edition(asks.before.fields.merging(details.about.fields) { $1 })
        let saved = wishes.fields.merging(about.fields) { $1 }
        try edition.check(form, saving: saved)
        if edition.isKept(saved) { return }
        try Person.tell(about, in: db)
        try referral.keep(wishes, in: db)
    }

    func title(_ words: Words) -> String { words("own-wishes.title") }

    func shown(_ words: Words) -> Value {
        let groups = shownForm([
            (
                words("own-wishes.about"), words("about.hint"),
                edition.beside(AboutForm.fields(form, errors, words), errors, words)
            ),
            (words("own-wishes.wishes"), nil, edition.beside(asks.fields(form, errors, words), errors, words))
        ])
        return .object(
            Fields(
                groups.merging([
                    "id": .text(referral.id.text), "edition": .text(edition.mark), "invalid": .flag(!errors.isEmpty)
                ]) { $1 }))
    }
}
