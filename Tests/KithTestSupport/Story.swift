import Kith
import Storage

/// A referral carried to the point where two people are in touch, by the actions people take: Dana refers Cleo, Ana
/// accepts, Cleo agrees, Ben is proposed, both say yes.
package struct Story: Sendable {
    package let referral: Referral.ID
    package let match: Match.ID
    package let conversation: Conversation.ID
}

extension Village {
    /// What Ben brings, so that he fits whoever asks for nothing in particular.
    package static let anyProfile = Supporter.Profile(
        introduction: "I cared for my father for four years.", limit: 3, formats: Format.allCases, languages: ["en"],
        hours: (0..<7).map { WeekHours(weekday: $0, from: 8, to: 20) },
        statements: [Supporter.Statement("sleep", .lived, shownTo: .anyone)])

    /// Publishes the usual words of consent in both programs of a house.
    package func publishConsentTexts(of house: House) async throws {
        try await write(asSystemOf: house) { db in
            for program in [house.program, house.otherProgram] {
                try ConsentText.publishUsual(for: program, in: db)
            }
        }
    }

    /// Says yes to `purposes`, signed in.
    package func agree(_ neighbor: Neighbor, to purposes: [Consent.Purpose], in program: Program.ID) async throws {
        try await write(as: neighbor) { db in
            for purpose in purposes {
                let text = try db.value(
                    """
                    SELECT id FROM consent_text WHERE organization_id = \(db.organization) AND program_id = \(program)
                    AND purpose = \(purpose) AND language = 'en' ORDER BY version DESC LIMIT 1
                    """, as: ConsentText.ID.self)
                guard let text else { throw Problem.notFound }
                try Consent.give(purpose, in: program, text: text, signedAs: neighbor.name, db: db)
            }
        }
    }

    /// Plays the story in `house`, up to both having said yes.
    package func play(in house: House, sharing: Bool = true) async throws -> Story {
        let (program, dana, cleo, ben) = (house.program, house.referrer, house.participant, house.supporter)
        try await publishConsentTexts(of: house)
        try await write(asSystemOf: house) { try Supporter.enroll(ben.id, Self.anyProfile, in: $0) }
        let referral = try await write(as: dana) { db in
            var draft = ReferralDraft(
                program: program, who: .known(cleo.id), origin: .referrer, referrer: dana.id,
                reason: "First weeks of caring for her mother")
            draft.wishes.languages = ["en"]
            draft.wishes.formats = [.phone]
            return try Referral.open(draft, of: db.organization, in: db).id
        }
        try await write(as: house.coordinator) { try Referral.find(referral, in: $0).accept(in: $0) }
        try await agree(cleo, to: sharing ? [.takePart, .shareStatus] : [.takePart], in: program)
        let match = try await write(as: house.coordinator) { db in
            try Match.propose(ben.id, for: Referral.find(referral, in: db), in: db).id
        }
        try await write(as: cleo) { try Match.find(match, in: $0).answer(.yes, for: .participant, in: $0) }
        try await write(as: ben) { try Match.find(match, in: $0).answer(.yes, for: .supporter, in: $0) }
        let conversation = try await read(as: ben) { try Conversation.current(with: cleo.id, in: $0)?.id }
        guard let conversation else { throw Problem.notFound }
        return Story(referral: referral, match: match, conversation: conversation)
    }
}
