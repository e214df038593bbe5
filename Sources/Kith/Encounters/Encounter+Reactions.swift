import Storage

extension Encounter {
    /// Moves the referral by its table, and after a contact starts the clock of support. Nothing is placed while the
    /// sender waits for a cancellation.
    /// - Parameter side: as in ``Referral/move(_:by:reason:in:)``.
    func follow(_ happening: Happening, by side: ReferralSide? = nil, in db: Writing) throws {
        try Self.follow(happening, of: referral, in: organization, by: side, db: db)
    }

    /// The same after any contact.
    static func follow(
        _ happening: Happening, of referral: Referral.ID, in organization: Organization.ID,
        by side: ReferralSide? = nil,
        db: Writing
    ) throws {
        var referral = try Referral.load(referral, of: organization, in: db)
        for move in moves(for: happening, from: referral.state) {
            referral = try referral.move(move, by: side, in: db)
        }
        if happening == .done { try referral.tell(.firstContact, in: db) }
        guard happening == .done, referral.state != .cancellationRequested else { return }
        try referral.place(.support, in: db)
    }

    /// Nothing stays planned with somebody who no longer takes part.
    static func callOffWithConsent(_ event: Event, in db: Writing) throws {
        guard event.details["purpose"] == Consent.Purpose.takePart.rawValue, let person = event.subject,
            let program = event.program, let organization = db.actor.organization ?? event.organization
        else { return }
        let planned = try planned(
            where: "e.participant_id = \(person) AND e.program_id = \(program)", of: organization, db)
        try callOff(planned, because: "consent-withdrawn", in: db)
    }

    /// Nobody is called who said no to calls, not even by a plan made before. They can still meet in other ways.
    static func callOffWithChannel(_ event: Event, in db: Writing) throws {
        guard let channel = event.details["purpose"].flatMap(Consent.Purpose.init(rawValue:))?.channel,
            let person = event.subject, let program = event.program,
            let organization = db.actor.organization ?? event.organization
        else { return }
        let theirs: SQL = "e.participant_id = \(person) AND e.program_id = \(program)"
        try callOff(on: [channel], where: theirs, of: organization, because: "channel-refused", in: db)
    }

    /// Nobody is called whom nobody may contact.
    static func callOffWithProhibition(_ event: Event, in db: Writing) throws {
        guard event.details["set"] == "yes", let person = event.subject,
            let organization = db.actor.organization ?? event.organization
        else { return }
        try callOff(
            on: ContactChannel.Kind.allCases, where: "e.participant_id = \(person)", of: organization,
            because: "contact-prohibited", in: db)
    }

    private static func callOff(
        on channels: [ContactChannel.Kind], where condition: SQL, of organization: Organization.ID,
        because cause: String, in db: Writing
    ) throws {
        let modes = Format.allCases.filter { $0.channel.map(channels.contains) ?? false }.map(\.rawValue)
        guard !modes.isEmpty else { return }
        let planned = try planned(where: "\(condition) AND e.mode IN \(list: modes)", of: organization, db)
        try callOff(planned, because: cause, in: db)
    }

    /// Nothing stays planned for a referral that has ended.
    static func callOffWithReferral(_ event: Event, in db: Writing) throws {
        guard let id = event.object, let state = event.details["to"].flatMap(ReferralState.init(businessStatus:)),
            state.isTerminal, let organization = db.actor.organization ?? event.organization
        else { return }
        try callOff(
            try planned(where: "e.referral_id = \(id)", of: organization, db), because: "referral-closed", in: db)
    }

    /// Nothing stays planned between two who have parted.
    static func callOffWithMatch(_ event: Event, in db: Writing) throws {
        guard let id = event.object, let organization = db.actor.organization ?? event.organization else { return }
        let cause = event.kind == .matchParted ? "match-apart" : "match-ended"
        try callOff(try planned(where: "e.match_id = \(id)", of: organization, db), because: cause, in: db)
    }

    /// Nothing stays planned for the time in which somebody takes a pause.
    static func callOffWithPause(_ event: Event, in db: Writing) throws {
        guard let person = event.subject, let organization = db.actor.organization ?? event.organization,
            let pause = try SupportPause.standing(of: person, in: organization, db)
        else { return }
        let planned = try planned(where: "e.participant_id = \(person)", of: organization, db)
        try callOff(planned.filter { pause.covers($0.startsAt) }, because: "support-pause", in: db)
    }

    /// Only what lies ahead is called off. What is past may have taken place; whoever was there says so.
    static func callOff(_ planned: [Encounter], because cause: String, in db: Writing) throws {
        for encounter in planned where encounter.startsAt > db.now {
            try db.run(
                """
                UPDATE encounter SET status = \(Status.cancelled), settled_at = \(db.now),
                    settled_by = \(db.actor.logName), due_at = NULL
                WHERE organization_id = \(encounter.organization) AND id = \(encounter.id)
                """)
            var event = Event(
                .encounterCancelled, of: encounter.id.text, about: encounter.participant, in: encounter.program,
                ["cause": cause])
            event.organization = encounter.organization
            db.record(event)
            // The program follows, whoever's act it follows from.
            try encounter.follow(.cancelled, by: .recipient, in: db)
            for person in [encounter.participant, encounter.supporter] { db.announce(.person(person)) }
        }
    }
}
