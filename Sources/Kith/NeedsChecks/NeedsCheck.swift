import Storage

/// What somebody said when they were asked how they are, after they asked for support or on the phone. Every question
/// could be skipped. It is read by whoever takes care of their request, and judged by rules that their program
/// published, so that it can be said what follows from which answer.
package struct NeedsCheck: Named {
    package typealias Question = NeedsRules.Question
    package typealias Consequence = NeedsRules.Consequence

    package let id: ID
    package let person: Person.ID
    /// nil when they can no longer be read.
    package let answers: [Question: String]?
    package let saidAt: Instant
    /// Who wrote it down for them; nil where they did themselves.
    package let writtenBy: String?
    /// What was raised by it, where people were called.
    package let concern: Concern.ID?
    /// By when somebody talks with them about their clinic; nil where nobody has to.
    package let talkDue: Instant?
    package let talkedAt: Instant?
    /// Whoever did.
    package let talkedBy: String?
    /// What followed, each with the questions whose answers led to it.
    package let consequences: [Consequence: Set<Question>]

    /// Within how many hours somebody talks with them about their clinic.
    package static let hoursToTalk = 48

    package var isTalkOwed: Bool { talkDue != nil && talkedAt == nil }
}

extension EventKind {
    /// Somebody said how they are. The object is the request; what was said stands nowhere in the log.
    package static let needsChecked = EventKind("needs-check.answered")
    /// Somebody talked with them about their clinic.
    package static let needsTalked = EventKind("needs-check.talked")
}
