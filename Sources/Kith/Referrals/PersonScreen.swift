import Storage
import Web

/// Who somebody is, how to reach them and what they wish for, as their coordinator writes it down with them.
struct PersonScreen: Screen {
    static let template = "referrals/person"

    let referral: Referral
    let details: PersonDraft
    let asks: WishesForm
    let care: [CareRelation]
    let form: Form
    let errors: FieldErrors

    /// - Parameter typed: what was sent, when something about it is wrong.
    init(_ id: Referral.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        referral = try Self.open(id, in: db)
        details = try Person.details(of: referral.person, in: referral.organization, db: db)
        asks = try WishesForm(for: referral, of: details.language, in: db)
        care = try CareRelation.all(of: referral.person, in: referral.organization, db: db)
        form = typed ?? Form(details.fields.merging(asks.before.fields) { $1 })
        self.errors = errors
    }

    /// What is written down now, as the form has it.
    var edition: Edition { Edition(details.fields.merging(asks.before.fields) { $1 }) }

    /// Supervisors find the referral too, but writing down is the coordinator's.
    private static func open(_ id: Referral.ID, in db: Reading) throws -> Referral {
        let referral = try Referral.find(id, in: db)
        guard db.actor.has(.coordinator, in: referral.program) else { throw Problem.notFound }
        guard referral.isOpen else { throw Problem.conflict("referral.already-closed") }
        return referral
    }

    func title(_ words: Words) -> String { words("person.title") }

    func shown(_ words: Words) -> Value {
        var groups: [(heading: String, hint: String?, fields: [Field])] = [
            (words("person.who"), nil, personFields(words))
        ]
        // Whoever must not be contacted: nothing here invites to.
        if details.mayBeContacted { groups.append((words("person.reach"), nil, channelFields(words))) }
        groups += [
            (words("person.care"), words("person.care-hint"), careFields(words)),
            (words("own-wishes.about"), words("person.ask-aloud"), AboutForm.fields(form, errors, words)),
            (words("person.wishes"), words("person.ask-aloud"), asks.fields(form, errors, words))
        ]
        groups = groups.map { ($0.heading, $0.hint, edition.beside($0.fields, errors, words)) }
        let object = shownForm(groups).merging([
            "edition": .text(edition.mark),
            "id": .text(referral.id.text), "reference": .text(referral.reference), "name": .text(details.name),
            "invalid": .flag(!errors.isEmpty), "hasStopped": .flag(details.hasStoppedContact),
            "reachPath": details.mayBeContacted ? .text("/referrals/\(referral.id)/reach") : .nothing
        ]) { $1 }
        return .object(Fields(object))
    }

    private func field(
        _ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false, _ words: Words
    ) -> Field {
        Field(
            name, kind, "person.\(name)", hinted: hinted, required: required, autocomplete: "off", in: form, errors,
            words)
    }

    private func personFields(_ words: Words) -> [Field] {
        let codes = PersonForm.languages(with: details.language)
        return [
            field("name", .line, required: true, words), field("called", .line, words),
            field("language", .select(codes.map { Field.Option($0, words.language($0)) }), required: true, words),
            field("area", .line, hinted: true, words), field("do-not-contact", .check, hinted: true, words)
        ]
    }

    private func channelFields(_ words: Words) -> [Field] {
        let kinds = ContactChannel.Kind.allCases.map { Field.Option($0.rawValue, words("channels.\($0.rawValue)")) }
        return (1...PersonForm.rows(in: form, for: details.channels.count)).flatMap { row in
            [("kind", Field.Kind.select(kinds)), ("address", .line), ("when", .line), ("leave-message", .check)].map {
                name, kind in
                var field = Field("\(name)-\(row)", kind, "person.\(name)", in: form, errors, words)
                field.autocomplete = "off"
                if name == "kind" { field.label = words("person.kind", ["number": String(row)]) }
                return field
            }
        }
    }

    private func careFields(_ words: Words) -> [Field] {
        let kinds = CareRelation.kinds.map { Field.Option($0, words("care.kind.\($0)")) }
        var fields = [
            field("cares-for", .line, hinted: true, words), field("care-kind", .select(kinds), words)
        ]
        if !care.isEmpty {
            let links = care.map { Field.Option($0.id.text, $0.said(of: referral.person, words)) }
            fields.append(field("care-over", .checks(links), words))
        }
        return fields
    }
}

extension CareRelation {
    /// “Cares for Rosa North (a parent)”, or “Rosa North cares for them (a child)”.
    func said(of person: Person.ID, _ words: Words) -> String {
        let kind = words("care.kind.\(Self.kinds.contains(relation) ? relation : "other")")
        guard caregiver == person else { return words("care.cared-for", ["name": caregiverName, "kind": kind]) }
        return caredForName.map { words("care.cares-for", ["name": $0, "kind": kind]) }
            ?? words("care.cares-for-somebody", ["kind": kind])
    }
}
