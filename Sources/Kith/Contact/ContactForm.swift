import Foundation
import Storage
import Web

/// The questions about how somebody may be reached: answered by them, or by staff with them.
package struct ContactForm: Sendable {
    /// Zones offered by name; the organization's and the person's own are offered as well.
    static let zones = [
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"
    ]

    package let person: Person.ID
    package let details: PersonDraft
    let kept: ContactPreference.Kept
    /// Since when no text messages go to them, because somebody wrote so from their number.
    let textsStopped: Instant?
    package let organization: Organization
    let form: Form
    let errors: FieldErrors
    /// Whether staff answer for the person.
    let isForOther: Bool

    /// Whoever calls has established their right to ask.
    package init(
        for person: Person.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        organization = try Organization.current(in: db)
        self.person = person
        details = try Person.details(of: person, in: organization.id, db: db)
        kept = try ContactPreference.kept(for: person, of: organization.id, in: db)
        textsStopped = try TextStop.since(of: details.channels, in: db)
        isForOther = person != db.actor.person
        self.errors = errors
        form = typed ?? Form(Self.fields(details, kept.preference))
    }

    /// One address of each kind is asked for, and each that is known besides.
    private static func channels(_ details: PersonDraft) -> [(
        name: String, kind: ContactChannel.Kind, known: ContactChannel?
    )] {
        ContactChannel.Kind.allCases.flatMap { kind in
            let known = details.channels.filter { $0.kind == kind }
            return (0..<max(1, known.count)).map { index in
                (
                    index == 0 ? kind.rawValue : "\(kind.rawValue)-\(index + 1)", kind,
                    known.indices.contains(index) ? known[index] : nil
                )
            }
        }
    }

    private static func fields(_ details: PersonDraft, _ preference: ContactPreference) -> [String: [String]] {
        var fields: [String: [String]] = [
            "way": preference.way.map { [$0.rawValue] } ?? [], "zone": [preference.timeZone],
            "from": [TimeOfDay(minutes: preference.hours.from).description],
            "until": [TimeOfDay(minutes: preference.hours.until % 1_440).description],
            "language": [details.language],
            "notices": Notice.allCases.filter { $0.isChosen && !preference.unwanted.contains($0) }.map(\.rawValue)
        ]
        for (name, _, known) in channels(details) {
            fields[name] = known.map { [$0.address] } ?? []
            fields["leave-\(name)"] = known?.mayLeaveMessage == true ? ["yes"] : []
        }
        return fields
    }

    /// Writes down what was answered, all of it or nothing.
    package func keep(in db: Writing) throws {
        let (preference, channels, language) = try form.read {
            fields -> (ContactPreference, [ContactChannel], String) in
            (readPreference(&fields), readChannels(&fields), readLanguage(&fields))
        }
        try Person.keep(channels, of: person, in: organization.id, db: db)
        try Person.speak(language, person, of: organization.id, in: db)
        try preference.set(for: person, of: organization.id, in: db)
    }

    private func readPreference(_ fields: inout FieldReader) -> ContactPreference {
        let way = fields.choice("way", of: ContactPreference.Way.self)
        let zones = offeredZones
        let zone = fields.value("zone", code: "not-a-choice", standIn: kept.preference.timeZone) {
            zones.contains($0) ? $0 : nil
        }
        let noon = TimeOfDay(minutes: 720)
        let from = fields.value("from", code: "not-a-time", standIn: noon) { TimeOfDay($0) }
        let until = fields.value("until", code: "not-a-time", standIn: noon) { TimeOfDay($0) }
        var (start, end) = (from.hour * 60 + from.minute, until.hour * 60 + until.minute)
        // From midnight to midnight is all day; from any other time to itself is nothing.
        if start == end { (start, end) = (0, start == 0 ? 1_440 : 0) }
        if start == end { fields.fail("until", "same-time") }
        let wanted = Set(fields.choices("notices", of: Notice.self))
        if let channel = way.channel, fields.text(channel.rawValue, max: 200).isEmpty {
            fields.fail(channel.rawValue, "needed-for-way")
        }
        return ContactPreference(
            way: way, timeZone: zone, hours: ContactHours(from: start, until: end),
            unwanted: Set(Notice.allCases.filter { $0.isChosen && !wanted.contains($0) }))
    }

    private func readChannels(_ fields: inout FieldReader) -> [ContactChannel] {
        let answered = Self.channels(details).compactMap { name, kind, known -> ContactChannel? in
            let address = fields.text(name, max: 200).withWesternDigits
            guard !address.isEmpty else { return nil }
            if kind == .email, !address.isMailAddress { fields.fail(name, "not-an-address") }
            if kind == .text, address.count(where: \.isDigit) < 3 { fields.fail(name, "not-a-phone-number") }
            return ContactChannel(
                kind: kind, address: address, mayLeaveMessage: fields.flag("leave-\(name)"), hours: known?.hours)
        }
        return answered
    }

    private func readLanguage(_ fields: inout FieldReader) -> String {
        fields.value("language", code: "not-a-choice", standIn: details.language) {
            offeredLanguages.contains($0) ? $0 : nil
        }
    }

    private var offeredLanguages: [String] {
        Language.offered + (Language.offered.contains(details.language) ? [] : [details.language])
    }

    private var offeredZones: [String] {
        [organization.timeZone, kept.preference.timeZone].reduce(into: Self.zones) { zones, zone in
            if !zones.contains(zone) { zones.append(zone) }
        }
    }
}

extension ContactForm {
    package func shown(_ words: Words) -> Value {
        let groups: [(heading: String, hint: String?, fields: [Field])] = [
            (
                words(isForOther ? "contact.for.way" : "contact.way.heading"), words("contact.way.what"),
                wayFields(words)
            ),
            (
                words("contact.hours"), words(isForOther ? "contact.for.hours-hint" : "contact.hours-hint"),
                hourFields(words)
            ),
            (words("contact.addresses"), nil, channelFields(words))
        ]
        let stopped = textsStopped.map { words("contact.texts-stopped", ["day": words.day($0)]) }
        return .object(Fields(shownForm(groups))).merging(["textsStopped": Value(stopped)])
    }

    /// What the page says of who answered last; nil where the person did, or nobody.
    package func byStaff(_ words: Words) -> String? {
        kept.byStaffAt.map { words("contact.by-staff", ["day": words.day($0)]) }
    }

    private func field(
        _ name: String, _ kind: Field.Kind, _ key: String, hinted: Bool = false, required: Bool = false, _ words: Words
    ) -> Field {
        Field(name, kind, key, hinted: hinted, required: required, in: form, errors, words)
    }

    private func wayFields(_ words: Words) -> [Field] {
        let ways = ContactPreference.Way.allCases.map { way in
            Field.Option(way.rawValue, words("contact.way.\(way.rawValue)"))
        }
        let notices = Notice.allCases.filter(\.isChosen).map {
            Field.Option($0.rawValue, words("contact.notice.\($0.rawValue)"))
        }
        let languages = offeredLanguages.map { Field.Option($0, words.language($0)) }
        return [
            field("way", .choice(ways), isForOther ? "contact.for.which" : "contact.way", required: true, words),
            field("notices", .checks(notices), "contact.notices", words),
            field("language", .select(languages), "contact.language", required: true, words)
        ]
    }

    private func hourFields(_ words: Words) -> [Field] {
        let zones = offeredZones.map { zone in
            let key = "zones.\(zone.split(separator: "/").last.map(String.init) ?? zone)".lowercased().replacing(
                "_", with: "-")
            let known = words(key)
            return Field.Option(zone, known == key ? zone.replacing("_", with: " ") : known)
        }
        return [
            field("from", .time, "contact.from", required: true, words),
            field("until", .time, "contact.until", required: true, words),
            field("zone", .select(zones), "contact.zone", required: true, words)
        ]
    }

    private func channelFields(_ words: Words) -> [Field] {
        Self.channels(details).flatMap { name, kind, _ -> [Field] in
            let input: Field.Kind =
                switch kind {
                case .phone, .text: .telephone
                case .email: .email
                case .letter: .line
                }
            var address = field(name, input, "contact.address.\(kind.rawValue)", words)
            if !isForOther { address.autocomplete = Self.remembered[kind] }
            let leave = field("leave-\(name)", .check, "contact.leave.\(kind.rawValue)", words)
            return [address, leave]
        }
    }

    private static let remembered: [ContactChannel.Kind: String] = [
        .phone: "tel", .text: "tel", .email: "email"
    ]
}

extension String {
    /// Whether a mail server could take it: one `@` with something on both sides and nothing that could end a line or
    /// begin another address.
    package var isMailAddress: Bool {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, utf8.count <= 254 else { return false }
        return unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7f && !"<>(),;:\\\"[]".unicodeScalars.contains($0)
        }
            && !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".")
    }
}
