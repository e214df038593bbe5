import FHIR
import Kith
import KithInterop
import Storage

/// Plays one person's story: each scene by whoever does it, through the action behind the page on which they do it.
actor Story {
    let part: ParticipantPart
    let stage: Stage
    let scenes: [Scene]
    let program: Program.ID
    /// Whose help they get, if anybody's.
    let supporter: Person.ID?
    /// The story that this one turns out to be the same as.
    private let first: Story?
    private(set) var person: Person.ID?
    private(set) var referral: Referral.ID?
    /// Who coordinates it.
    private var owner: Person.ID?
    var match: Match.ID?
    /// Who was asked first, where that came to nothing.
    var asked: Person.ID?
    var conversation: Conversation.ID?
    var contacts: [Int: Encounter.ID] = [:]

    init(_ part: ParticipantPart, _ scenes: [Scene], on stage: Stage, sameAs first: Story?) throws {
        (self.part, self.stage, self.scenes, self.first) = (part, stage, scenes, first)
        program = try stage.program(part.program)
        supporter = try part.supporter.map { try stage.supporter($0) }
    }

    func play(_ scene: Scene) async throws {
        do {
            try await play(scene.deed, at: scene.at)
        } catch let error as Fault {
            throw error
        } catch {
            // Names a line of the content, no person.
            throw Fault("\(part.id), \(scene.deed.name): \(error)")
        }
    }

    private func play(_ deed: Deed, at moment: Instant) async throws {
        switch deed {
        case .arrive: try await arrive(at: moment)
        case .accept: try await coordinate(at: moment) { try $0.accept(in: $1) }
        case .tryContact(let channel, let outcome):
            try await coordinate(at: moment) { try $0.tryContact(by: channel, outcome: outcome, in: $1) }
        case .tell: try await tell(at: moment)
        case .openAccount: try await openAccount(at: moment)
        case .consent: try await consent(at: moment)
        case .sayNoToSupport: try await sayNoToSupport(at: moment)
        case .wait:
            try await coordinate(at: moment) { referral, db in
                try referral.queue == .waiting ? Match.goOnWaiting(referral, in: db) : Match.wait(referral, in: db)
            }
        case .propose: try await propose(at: moment)
        case .sayYes(let side): try await sayYes(side, at: moment)
        case .proposeAnother: try await proposeAnother(at: moment)
        case .sayNo(let side): try await sayNo(side, at: moment)
        case .plan(let number, let plan): try await self.plan(number, plan, at: moment)
        case .hold(let number, let note, let isPlanned):
            try await hold(number, note, isPlanned: isPlanned, at: moment)
        case .miss(let number): try await settle(number, at: moment) { try $0.noAnswer(in: $1) }
        case .callOff(let number): try await settle(number, at: moment) { try $0.cancel(in: $1) }
        case .draftNote(let number, let note): try await write(note, on: number, isOffered: false, at: moment)
        case .offerNote(let number, let note): try await write(note, on: number, isOffered: true, at: moment)
        case .answerNote(let number, let note): try await answer(note, on: number, at: moment)
        case .signNote(let number): try await sign(number, at: moment)
        case .write(let line): try await send(line, at: moment)
        case .readMessages(let bySupporter): try await read(bySupporter: bySupporter, at: moment)
        case .askToStop, .confirmStop, .decline, .merge, .close, .giveFeedback, .withdraw, .reopen:
            try await end(deed, at: moment)
        }
    }

    private func end(_ deed: Deed, at moment: Instant) async throws {
        let sayings = stage.demonstration.sayings
        switch deed {
        case .askToStop:
            let (referral, reason) = (try known(referral), try sayings.text(part.stopReason))
            try await stage.act(try known(person), at: moment) { db in
                try Referral.findOwn(referral, in: db).requestCancellation(because: reason, in: db)
            }
        case .confirmStop: try await coordinate(at: moment) { try $0.confirmCancellation(in: $1) }
        case .decline(let reason): try await coordinate(at: moment) { try $0.decline(for: reason, in: $1) }
        case .merge:
            let other = try await known(first?.referral)
            try await coordinate(at: moment) { referral, db in
                try referral.merge(into: Referral.find(other, in: db), because: "The same person, sent twice.", in: db)
            }
        case .close(let outcome):
            let word = try sayings.text(part.word)
            try await coordinate(at: moment) { referral, db in
                if outcome == Referral.died {
                    let loss = try Loss.find(Loss.record(Loss.Subject(of: referral), on: nil, in: db), in: db)
                    for mourner in try Mourner.all(after: loss, in: db) { try loss.spokeWith(mourner.person, in: db) }
                } else {
                    try referral.close(as: outcome, word: word, in: db)
                }
            }
        case .giveFeedback:
            guard let said = sayings.feedback.first(where: { $0.id == part.feedback }) else { return }
            let referral = try known(referral)
            try await stage.act(try known(person), at: moment) { db in
                try Referral.findOwn(referral, in: db)
                    .giveFeedback(helped: said.helped, again: said.again, words: said.words, in: db)
            }
        case .withdraw:
            let (person, program) = (try known(person), program)
            try await stage.act(person, at: moment) { db in
                try Consent.withdraw(.takePart, of: person, in: program, db: db)
            }
        case .reopen:
            let reason = try sayings.text(part.reopened?.reason) ?? ""
            let reopened = try await coordinate(at: moment) { try $0.reopen(because: reason, in: $1) }
            (referral, owner, match, conversation) = (reopened.id, reopened.owner, nil, nil)
        default: break
        }
    }

    /// What their coordinator does with the referral.
    @discardableResult
    func coordinate<T: Sendable>(
        at moment: Instant, _ work: @escaping @Sendable (Referral, Writing) throws -> T
    ) async throws -> T {
        let referral = try known(referral)
        return try await stage.act(try known(owner), at: moment) { db in
            try work(Referral.find(referral, in: db), db)
        }
    }

    func known<T>(_ thing: T?) throws -> T {
        guard let thing else { throw Fault("the story of \(part.id) gets ahead of itself") }
        return thing
    }

    // MARK: - Coming in

    private func arrive(at moment: Instant) async throws {
        let opened: Referral
        switch part.door {
        case .partner(let code): opened = try await arrive(from: try stage.hospital(code), at: moment)
        case .referrer(let number):
            var draft = draft(origin: .referrer)
            draft.referrer = try stage.referrer(number)
            draft.care = part.care
            let asked = draft
            opened = try await stage.act(try stage.referrer(number), at: moment) { db in
                try Referral.open(asked, of: db.organization, in: db)
            }
        case .own:
            let (draft, slug) = (draft(origin: .own), stage.demonstration.house.organization.slug)
            opened = try await stage.actAsVisitor(at: moment) { db in
                try Referral.open(draft, of: Organization.find(slug: slug, in: db).id, in: db)
            }
        }
        (referral, person, owner) = (opened.id, opened.person, opened.owner)
    }

    private func arrive(from hospital: Stage.Hospital, at moment: Instant) async throws -> Referral {
        let area = stage.demonstration.area(part.area)
        let bundle = try HospitalSystem(hospital.name).transaction(for: part, area: area, at: moment)
        let organization = stage.organization
        return try await stage.platform.dated(moment).write(
            as: .partner(tokenHash: hospital.token.hash), access: .partner
        ) { db in
            let receipts = try Intake.take(bundle, from: hospital.id, in: db)
            guard let referral = receipts.values.compactMap(\.referral).first else {
                throw Fault("nothing came of a hospital's request")
            }
            return try Referral.load(referral, of: organization, in: db)
        }
    }

    /// No more than the form asks for. What else there is to know, they tell their coordinator.
    private func draft(origin: Referral.Origin) -> ReferralDraft {
        var draft = ReferralDraft(
            program: program,
            who: .new(
                PersonDraft(
                    name: part.name, language: part.language, doNotContact: part.doNotContact,
                    channels: part.channelsAtTheDoor)), origin: origin, reason: part.reason)
        draft.forOther = part.forOther
        draft.priority = part.isUrgent ? .urgent : .routine
        draft.wishes.languages = [part.language]
        return draft
    }
}

extension ParticipantPart {
    /// How they can be reached, as far as the door asks.
    var channelsAtTheDoor: [ContactChannel] {
        let phone = phone.map { ContactChannel(kind: .phone, address: $0, mayLeaveMessage: mayLeaveMessage) }
        let email = email.map { ContactChannel(kind: .email, address: $0, mayLeaveMessage: mayLeaveMessage) }
        switch door {
        case .partner: return [phone, email].compactMap(\.self)
        case .referrer: return [phone].compactMap(\.self)
        case .own: return [phone ?? email].compactMap(\.self)
        }
    }

    /// What they tell their coordinator besides.
    var channelsToldLater: [ContactChannel] {
        var channels: [ContactChannel] = []
        if let email, !channelsAtTheDoor.contains(where: { $0.kind == .email }) {
            channels.append(ContactChannel(kind: .email, address: email, mayLeaveMessage: mayLeaveMessage))
        }
        if let phone, consents?.text == true {
            channels.append(ContactChannel(kind: .text, address: phone, mayLeaveMessage: mayLeaveMessage))
        }
        if let letter {
            channels.append(ContactChannel(kind: .letter, address: letter, mayLeaveMessage: mayLeaveMessage))
        }
        return channels
    }
}

extension Deed {
    /// For the one who looks for a mistake in the content.
    var name: String { String(describing: self).prefix { $0.isLetter }.description }
}
