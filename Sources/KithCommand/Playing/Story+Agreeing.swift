import Kith
import Storage

extension Story {
    /// In their first talk the coordinator writes down what the person tells and wishes for.
    func tell(at moment: Instant) async throws {
        let part = part
        let area = stage.demonstration.area(part.area)
        let wishes = part.told(area: area)
        let draft = PersonDraft(
            name: part.name, called: part.called, language: part.language, birthYear: part.birthYear,
            gender: part.gender, culture: part.culture, area: area, channels: part.channelsToldLater)
        try await coordinate(at: moment) { referral, db in
            try Person.complete(referral.person, with: draft, of: referral.organization, in: db)
            if case .referrer = part.door, part.care != nil {
                // The referrer has named them.
            } else if let care = part.care {
                try care.link(referral.person, of: referral.organization, in: db)
            } else if let relation = part.relation {
                try Person.link(
                    caregiver: referral.person, caringFor: nil, as: relation, of: referral.organization, in: db)
            }
            try referral.keep(wishes, in: db)
        }
    }

    /// Their coordinator gives them a way in, and they use it.
    func openAccount(at moment: Instant) async throws {
        let secret = stage.platform.world.newSecret()
        try await coordinate(at: moment.adding(minutes: -12)) { referral, db in
            try Invitation.send(to: referral.person, of: referral.organization, secret: secret, in: db)
        }
        try await stage.comeIn(with: secret, login: part.login, at: moment)
    }

    /// Whoever has e-mail answers in the browser; the others say it on the telephone, and somebody listens in.
    func consent(at moment: Instant) async throws {
        let answers = try answers()
        let (person, program, name) = (try known(person), program, part.name)
        if part.email != nil {
            try await stage.act(person, at: moment) { db in
                for answer in answers {
                    let say = answer.granted ? Consent.give : Consent.refuse
                    _ = try say(answer.purpose, program, answer.text, name, db)
                }
            }
        } else {
            let witness = stage.supervisors[part.program]?.name ?? "The supervisor"
            try await coordinate(at: moment) { _, db in
                for answer in answers {
                    try Consent.record(
                        answer, of: person, in: program, by: .voice(witness: witness), signedAs: name, db: db)
                }
            }
        }
    }

    private func answers() throws -> [Consent.Answer] {
        guard let said = part.consents else { throw Fault("\(part.id) has answered nothing") }
        var answers: [Consent.Purpose: Bool] = [
            .takePart: true, .contactByPhone: said.phone, .contactByText: said.text, .contactByEmail: said.email,
            .contactByLetter: part.letter != nil
        ]
        // Whoever came by themselves was sent by nobody.
        if part.door != .own { answers[.shareStatus] = said.shareStatus }
        return try Consent.Purpose.allCases.compactMap { purpose in
            try answers[purpose].map { Consent.Answer(purpose: purpose, granted: $0, text: try text(of: purpose)) }
        }
    }

    func sayNoToSupport(at moment: Instant) async throws {
        let (person, program, name) = (try known(person), program, part.name)
        let answer = Consent.Answer(purpose: .takePart, granted: false, text: try text(of: .takePart))
        let witness = stage.supervisors[part.program]?.name ?? "The supervisor"
        try await coordinate(at: moment) { _, db in
            try Consent.record(answer, of: person, in: program, by: .voice(witness: witness), signedAs: name, db: db)
        }
    }

    private func text(of purpose: Consent.Purpose) throws -> ConsentText.ID {
        let texts = try known(stage.texts[part.program])
        return try known((texts[part.language] ?? texts[ConsentText.fallback])?[purpose])
    }

    // MARK: - Finding each other

    func propose(at moment: Instant) async throws {
        let supporter = try known(supporter)
        match = try await coordinate(at: moment) { try Match.propose(supporter, for: $0, in: $1).id }
    }

    /// Whoever fits best beside the supporter they get in the end, with room to spare: others' stories count on theirs.
    func proposeAnother(at moment: Instant) async throws {
        let supporter = supporter
        let proposed = try await coordinate(at: moment) { referral, db in
            try Match.suggestions(for: referral, in: db).best.map(\.supporter).first {
                $0.person != supporter && $0.profile.limit - $0.load > 1
            }.map { (match: try Match.propose($0.person, for: referral, in: db).id, supporter: $0.person) }
        }
        (match, asked) = (proposed?.match, proposed?.supporter)
    }

    func sayNo(_ side: Match.Side, at moment: Instant) async throws {
        guard let match, let asked else { return }
        let who = side == .supporter ? asked : try known(person)
        try await stage.act(who, at: moment) { try Match.find(match, in: $0).answer(.no, for: side, in: $0) }
        self.match = nil
    }

    /// Each says it for themselves.
    func sayYes(_ side: Match.Side, at moment: Instant) async throws {
        let (match, who) = (try known(match), try known(side == .supporter ? supporter : person))
        try await stage.act(who, at: moment) { try Match.find(match, in: $0).answer(.yes, for: side, in: $0) }
    }
}

extension ParticipantPart {
    /// Whom they care for, where that person has a name.
    var care: Care? { caresFor.map { .caresFor(PersonDraft(name: $0, language: language), as: relation ?? "other") } }

    /// What they wish for in a supporter.
    func told(area: String?) -> Wishes {
        var told = Wishes()
        told.languages = wishes.languages
        told.formats = wishes.formats
        told.area = area
        told.hours = wishes.hours
        told.topics = wishes.topics
        told.words = wishes.words
        func wish(_ wish: Wish?) -> Wishes.Wish { wish.map { .init($0.kind, must: $0.must ?? false) } ?? .init() }
        (told.gender, told.age, told.culture) = (wish(wishes.gender), wish(wishes.age), wish(wishes.culture))
        return told
    }
}
