import Storage
import Web

/// What the coordinator's form about a person says, and how it is written down.
enum PersonForm {
    static func languages(with own: String) -> [String] {
        Language.offered + (Language.offered.contains(own) ? [] : [own])
    }

    /// How many ways to reach somebody the form asks for: two that are empty besides those known or sent.
    static func rows(in form: Form, for known: Int) -> Int {
        let sent = form.names.count { $0.hasPrefix("address-") }
        return min(max(sent, known + 2), 12)
    }

    /// Writes down what was told, all of it or nothing.
    static func keep(_ form: Form, for id: Referral.ID, in db: Writing) throws {
        // Found as the page finds it, so that whoever may not see it may not send it.
        let screen = try PersonScreen(id, form, in: db)
        let referral = screen.referral
        let year = db.today.parts.year
        let (told, wishes) = try form.read { fields -> (PersonDraft, Wishes) in
            let told = details(form, &fields, before: screen.details, in: year)
            return (told, screen.asks.read(form, &fields, comparedWith: told.about))
        }
        let saved = told.fields.merging(wishes.fields) { $1 }
        try screen.edition.check(form, saving: saved)
        try keepCare(form, screen, in: db)
        if screen.edition.isKept(saved) { return }
        try Person.change(referral.person, to: told, of: referral.organization, in: db)
        try referral.keep(wishes, in: db)
    }

    private static func details(
        _ form: Form, _ fields: inout FieldReader, before: PersonDraft, in year: Int
    ) -> PersonDraft {
        func told(_ text: String) -> String? { text.isEmpty ? nil : text }
        let languages = languages(with: before.language)
        var details = PersonDraft(name: fields.text("name", required: true, max: 200))
        details.called = told(fields.text("called", max: 100))
        details.language = fields.value("language", code: "not-a-choice", standIn: before.language) {
            languages.contains($0) ? $0 : nil
        }
        details.area = told(fields.text("area", max: 100))
        details.doNotContact = fields.flag("do-not-contact")
        details.channels = before.mayBeContacted ? channels(form, &fields) : before.channels
        details.about = AboutForm.read(&fields, in: year)
        return details
    }

    private static func channels(_ form: Form, _ fields: inout FieldReader) -> [ContactChannel] {
        (1...rows(in: form, for: 0)).compactMap { row in
            let address = fields.text("address-\(row)", max: 200).withWesternDigits
            guard !address.isEmpty else { return nil }
            let hours = fields.text("when-\(row)", max: 100)
            return ContactChannel(
                kind: fields.choice("kind-\(row)", of: ContactChannel.Kind.self), address: address,
                mayLeaveMessage: fields.flag("leave-message-\(row)"), hours: hours.isEmpty ? nil : hours)
        }
    }

    /// Whom they care for: somebody with a referral here, by its reference, or a name of somebody new to us.
    private static func keepCare(_ form: Form, _ screen: PersonScreen, in db: Writing) throws {
        for relation in screen.care where form.all("care-over").contains(relation.id.text) {
            try relation.end(of: screen.referral.organization, in: db)
        }
        let (name, kind) = try form.read { fields in
            let name = fields.text("cares-for", max: 200)
            let kind = fields.optionalValue("care-kind", code: "not-a-choice") {
                CareRelation.kinds.contains($0) ? $0 : nil
            }
            return (name, kind ?? "other")
        }
        // Somebody of that name whom they care for so already is a second click.
        let isThere = screen.care.contains { $0.caredForName == name && $0.relation == kind }
        guard !name.isEmpty, !isThere else { return }
        let (person, organization) = (screen.referral.person, screen.referral.organization)
        if let known = try Referral.person(byReference: name, in: db) {
            try Person.link(caregiver: person, caringFor: known, as: kind, of: organization, in: db)
        } else {
            try Care.caresFor(PersonDraft(name: name, language: screen.details.language), as: kind)
                .link(person, of: organization, in: db)
        }
    }
}

extension Referral {
    /// Whose referral has this reference, within the reach of the coordinator asking.
    fileprivate static func person(byReference text: String, in db: Reading) throws -> Person.ID? {
        let key = text.withWesternDigits.uppercased().filter { $0.isLetter || $0.isNumber }
        guard key.count == 8 else { return nil }
        let (organization, spelled) = (try db.organization, "\(key.prefix(4))-\(key.suffix(4))")
        let person = try db.value(
            """
            SELECT person_id FROM referral WHERE organization_id = \(organization) AND reference = \(spelled)
            AND \(db.reach(.request, of: .referral("referral"), as: [.coordinator]))
            """, as: Person.ID.self)
        if let person { db.disclose(.listed, of: person) }
        return person
    }
}

extension PersonDraft {
    /// As the form has it.
    var fields: [String: [String]] {
        var fields: [String: [String]] = [
            "name": [name], "called": called.map { [$0] } ?? [], "language": [language],
            "area": area.map { [$0] } ?? [], "do-not-contact": doNotContact ? ["yes"] : []
        ]
        for (row, channel) in zip(1..., channels) {
            fields["kind-\(row)"] = [channel.kind.rawValue]
            fields["address-\(row)"] = [channel.address]
            fields["leave-message-\(row)"] = channel.mayLeaveMessage ? ["yes"] : []
            fields["when-\(row)"] = channel.hours.map { [$0] } ?? []
        }
        return fields.merging(about.fields) { $1 }
    }
}
