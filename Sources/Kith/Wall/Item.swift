/// What Kith keeps about a person, in the kinds that the rules of the wall tell apart.
package enum Item: String, Sendable, CaseIterable {
    /// Name, and what they like to be called.
    case identity
    /// Telephone numbers and addresses.
    case contactDetails = "contact-details"
    /// That they were referred, why, and what was done about it.
    case request
    /// What support should be about, in which languages, ways and hours.
    case needs
    /// What they said when they were asked how they are.
    case needsCheck = "needs-check"
    /// What they wish for in a supporter, in their own words.
    case wishes
    /// Whom they care for, and who cares for them.
    case care
    /// What they said yes or no to, as signed.
    case consent
    /// That the letter of whoever referred them came in, and whether it was taken on.
    case receipt
    /// How it goes and how it ended, as far as a sender may hear.
    case progress
    /// What they said at the end.
    case feedback
    /// Who is proposed to them or supports them.
    case match
    /// What a supporter tells about themselves: their own words and what they lived through.
    case story
    case messages
    /// What they write in groups. Opening their record does not show it: it belongs to others as well.
    case groupMessages = "group-messages"
    /// Stories and tips of theirs that are shown: told to everybody of a program, under the name they chose for it.
    case told
    /// Which groups they are in, under which nickname, and what they wrote when they asked for a place.
    case groups
    /// That a call or visit is planned or took place.
    case encounter
    /// Where or under which number a call or visit takes place.
    case place
    /// A note that its supporter still writes.
    case draft
    /// A note that the person is asked about, and their answer.
    case offeredNote = "offered-note"
    /// A note that is signed.
    case note
    /// What they wrote down for hard days.
    case hardDayPlan = "hard-day-plan"
    /// What they wrote down before an appointment.
    case preparationSheet = "preparation-sheet"
    /// What they want to work on, with small steps and what helps them.
    case goals
    /// What they want whoever supports them to know, told once.
    case storySheet = "story-sheet"
    /// That something was heavy for them as a supporter.
    case breather
    /// That they would like to talk with a supervisor.
    case talk
    /// Who looked at something of theirs.
    case looks
    /// What somebody raised because they were worried about them or by them. It they do not read, nor what was reported of
    /// them: whoever spoke must be safe.
    case concern
    /// Messages of theirs that somebody reported or that are read first, and words that gave cause for worry; for
    /// whoever has the item in hand.
    case reported

    /// Whether they read it themselves.
    package var isTheirs: Bool { self != .concern && self != .reported }

    /// What the item belongs to: where it begins to be there, and in which program.
    package enum Holder: Sendable {
        case referral, pair, group, audience, place, profile, person
        /// Each program they take part or work in, whether there is such a thing or not: that must not show.
        case membership
    }

    package var holder: Holder {
        switch self {
        case .identity, .contactDetails, .request, .needs, .needsCheck, .wishes, .care, .consent, .receipt, .progress,
            .feedback:
            .referral
        case .match, .messages, .encounter, .place, .draft, .offeredNote, .note: .pair
        case .groupMessages: .group
        case .told: .audience
        case .groups: .place
        case .story, .breather, .talk: .profile
        case .looks, .hardDayPlan, .preparationSheet, .goals, .storySheet: .person
        case .concern, .reported: .membership
        }
    }

    /// What the log calls looks at it. The log holds the kind of page and not each of its lines.
    package var looks: Set<Disclosure.What> {
        switch self {
        case .identity: Set(Disclosure.What.allCases)
        case .contactDetails, .request, .care, .consent, .feedback: [.referral, .opened]
        case .needs: [.referral, .matching]
        case .wishes: [.referral, .matching, .opened]
        case .receipt, .progress: [.status, .referral]
        case .match, .story: [.matching]
        case .needsCheck: [.needsCheck]
        case .messages: [.conversation, .opened]
        case .encounter, .place: [.encounter, .opened]
        case .draft, .offeredNote, .note: [.note, .opened]
        case .hardDayPlan: [.hardDayPlan]
        case .preparationSheet: [.preparationSheet]
        case .goals: [.goals]
        case .storySheet: [.storySheet]
        case .groups, .groupMessages, .told, .breather, .talk, .looks, .concern, .reported: []
        }
    }
}
