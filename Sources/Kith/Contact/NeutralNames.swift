import Hummingbird
import Storage
import Web

/// Under which names an organization writes and calls, so that nobody who sees a phone or an inbox learns what it is
/// about.
package struct NeutralNames: Sendable, Equatable {
    /// Who mail is from.
    package var sender: String
    /// What stands in the subject of mail.
    package var subject: String
    /// What whoever calls says when somebody else answers.
    package var caller: String
    /// What stands in calendars; nil for the usual.
    package var appointment: String?
    /// The number that people may call, as it is dialed; it stands on public pages and on paper. Nil where nobody answers.
    package var telephone: String?

    package init(
        sender: String, subject: String, caller: String, appointment: String? = nil, telephone: String? = nil
    ) {
        self.sender = sender
        self.subject = subject
        self.caller = caller
        self.appointment = appointment
        self.telephone = telephone
    }

    /// What the organization chose, if it did.
    package static func chosen(by organization: Organization.ID, in db: Reading) throws -> NeutralNames? {
        try db.first("SELECT * FROM neutral_names WHERE organization_id = \(organization)") {
            NeutralNames(
                sender: try $0["sender"], subject: try $0["subject"], caller: try $0["caller"],
                appointment: try $0["appointment"], telephone: try $0["telephone"])
        }
    }

    /// What stands in for what nobody chose.
    package static func usual(_ words: Words) -> NeutralNames {
        NeutralNames(
            sender: words("neutral-names.usual-sender"), subject: words("neutral-names.usual-subject"),
            caller: words("neutral-names.usual-caller"))
    }

    /// Chooses the names for the organization of the administrator asking.
    /// - Throws: ``Problem/invalid(_:)`` for a name that says what a program is about.
    package func choose(in db: Writing) throws {
        let organization = try db.organization
        guard db.actor.has(.administrator) || db.actor.kind == .system else { throw Problem.notAllowed }
        let telling = try Self.telling(of: organization, in: db)
        try Problem.check(
            ["sender": sender, "subject": subject, "caller": caller, "appointment": appointment ?? ""].filter {
                _, text in
                telling.contains { text.lowercased().contains($0) }
            }.mapValues { _ in "names-a-program" })
        try db.run(
            """
            INSERT INTO neutral_names (organization_id, sender, subject, caller, appointment, telephone, set_by, set_at)
            VALUES (\(organization), \(sender), \(subject), \(caller), \(appointment), \(telephone),
                \(db.actor.logName), \(db.now))
            ON CONFLICT (organization_id) DO UPDATE SET sender = excluded.sender, subject = excluded.subject,
                caller = excluded.caller, appointment = excluded.appointment, telephone = excluded.telephone,
                set_by = excluded.set_by, set_at = excluded.set_at
            """)
        db.record(Event(.neutralNamesSet, of: organization.text))
    }

    /// Names of programs and topics, which would tell.
    private static func telling(of organization: Organization.ID, in db: Reading) throws -> [String] {
        try db.values(
            """
            SELECT name FROM program WHERE organization_id = \(organization)
            UNION SELECT name FROM topic WHERE organization_id = \(organization)
            """, as: String.self
        ).map { $0.lowercased() }
    }
}

/// The administrator's page about them.
struct NeutralNamesScreen: Screen {
    static let template = "contact/neutral-names"

    let chosen: NeutralNames?
    let typed: Form?
    let errors: FieldErrors

    init(_ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        chosen = try NeutralNames.chosen(by: db.organization, in: db)
        (self.typed, self.errors) = (typed, errors)
    }

    func title(_ words: Words) -> String { words("neutral-names.title") }

    func shown(_ words: Words) -> Value {
        let names = chosen ?? .usual(words)
        let appointment = names.appointment ?? words("calendar.usual-title")
        let form =
            typed
            ?? Form([
                "sender": [names.sender], "subject": [names.subject], "caller": [names.caller],
                "appointment": [appointment], "telephone": [names.telephone ?? ""]
            ])
        func field(_ name: String, _ kind: Field.Kind, required: Bool = true) -> Field {
            Field(
                name, kind, "neutral-names.\(name)", hinted: true, required: required, autocomplete: "off", in: form,
                errors, words)
        }
        return [
            "form": shownForm([
                field("sender", .line), field("subject", .line), field("caller", .lines(2)),
                field("appointment", .line, required: false), field("telephone", .telephone, required: false)
            ]),
            "invalid": .flag(!errors.isEmpty)
        ]
    }
}

extension NeutralNames {
    static let routes: [Route] = [
        .get("/neutral-names", .role(.administrator)) { visit in
            try await visit.show { try NeutralNamesScreen(in: $0) }
        },
        .post("/neutral-names", .role(.administrator)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let names = try form.read { fields in
                    let appointment = fields.text("appointment", max: 60)
                    let telephone = fields.optionalValue("telephone", code: "not-a-telephone") {
                        $0.count <= 40 && $0.filter(\.isNumber).count >= 3 ? $0 : nil
                    }
                    return NeutralNames(
                        sender: fields.text("sender", required: true, max: 60),
                        subject: fields.text("subject", required: true, max: 60),
                        caller: fields.text("caller", required: true, max: 300, multiline: true),
                        appointment: appointment.isEmpty ? nil : appointment,
                        telephone: telephone)
                }
                try await visit.write { try names.choose(in: $0) }
            } next: {
                "/neutral-names"
            } again: {
                try NeutralNamesScreen(form, $0, in: $1)
            }
        }
    ]
}
