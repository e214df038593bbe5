import Storage
import Web

/// How somebody may be reached, as their coordinator writes it down with them. The person sees on their own page that
/// staff did.
struct PersonContactScreen: Screen {
    static let template = "contact/for-person"

    let referral: Referral
    let form: ContactForm
    let invalid: Bool

    init(_ id: Referral.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        referral = try Referral.find(id, in: db)
        guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
        guard referral.isOpen else { throw Problem.conflict("referral.already-closed") }
        form = try ContactForm(for: referral.person, typed, errors, in: db)
        // Whoever must not be contacted: nothing here invites to.
        guard form.details.mayBeContacted else { throw Problem.conflict("referral.contact-prohibited") }
        invalid = !errors.isEmpty
    }

    func title(_ words: Words) -> String { words("contact.for.title") }

    func shown(_ words: Words) -> Value {
        form.shown(words).merging([
            "id": .text(referral.id.text), "name": .text(form.details.name), "invalid": .flag(invalid)
        ])
    }
}

extension Referral {
    static let contactRoutes: [Route] = [
        .get("/referrals/{id}/reach", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try PersonContactScreen(id, in: $0) }
        },
        .post("/referrals/{id}/reach", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            let form = try await visit.form()
            return try await visit.submit {
                try await visit.write { try PersonContactScreen(id, form, in: $0).form.keep(in: $0) }
            } next: {
                "/referrals/\(id)"
            } again: {
                try PersonContactScreen(id, form, $0, in: $1)
            }
        }
    ]
}
