/// The safety net over conversations: house rules, blocking, reports, words that give cause for worry, and what somebody
/// reads before others do. Whoever looks after it decides within a time, cites a rule, and says what can be done about it.
package enum Moderation {
    /// How long somebody who breaks a rule may have to wait, in days.
    package static let waits = [1, 3, 7, 30]
    /// The least time between two messages of somebody in slow mode, in seconds.
    package static let slowSeconds = 300
    /// For how many days a decision can be appealed, and what came of a report stands on first pages.
    package static let appealDays = 14
    /// Within how many hours somebody else decides on an appeal.
    package static let appealHours = 72
    /// Messages before and after a reported one that are kept with it.
    package static let neighbors = 3
    /// The longest words of a report, a decision or an appeal, in characters.
    package static let longest = 2_000
}

extension EventKind {
    /// Details: `version`, `rules`, how many.
    package static let houseRulesPublished = EventKind("house-rules.published")
    /// Details: `version`.
    package static let houseRulesAccepted = EventKind("house-rules.accepted")
    package static let personBlocked = EventKind("person.blocked")
    package static let personUnblocked = EventKind("person.unblocked")
    /// Details: `reason`.
    package static let messageReported = EventKind("message.reported")
    /// Details: `kind`.
    package static let moderationOpened = EventKind("moderation.opened")
    /// Whoever wrote it took it back or changed it before anybody decided.
    package static let moderationDropped = EventKind("moderation.dropped")
    package static let moderationClaimed = EventKind("moderation.claimed")
    package static let moderationHandedOver = EventKind("moderation.handed-over")
    /// Whoever had it has left.
    package static let moderationReturned = EventKind("moderation.returned")
    /// Details: `action`; of a decision that cites a rule: `rule`, `version`.
    package static let moderationDecided = EventKind("moderation.decided")
    package static let moderationAppealed = EventKind("moderation.appealed")
    /// Details: `outcome`.
    package static let appealDecided = EventKind("moderation.appeal-decided")
    /// Somebody reads a message before others do.
    package static let messageHeld = EventKind("message.held")
    package static let helpOffered = EventKind("help.offered")
    /// Details: `answer`.
    package static let helpAnswered = EventKind("help.answered")
}
