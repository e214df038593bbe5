import Storage

/// Something that somebody wants to work on, in their own words, with the small steps they thought of. It is theirs:
/// nobody reads it but they, and those of their supporters whom they chose.
package struct Goal: Named {
    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case open
        /// Not now, perhaps later.
        case aside
        /// They say that they are there.
        case reached
    }

    package let id: ID
    /// nil when it can no longer be read.
    package let words: String?
    package let state: State
    package internal(set) var steps: [Step] = []

    /// How many somebody may have, whatever became of them.
    package static let most = 20
    /// The most characters of one.
    package static let longest = 500

    /// A small step towards a goal.
    package struct Step: Named {
        package let id: ID
        package let goal: Goal.ID
        /// nil when it can no longer be read.
        package let words: String?
        package let isDone: Bool
        package let reminder: Reminder?
        /// When it comes next; nil when it does no more, or for a time.
        package let next: Reminder.Occurrence?
        /// The day for which it came last, and its moment.
        let told: Reminder.Occurrence?

        /// How many one goal may have.
        package static let most = 30
        package static let longest = 300
    }
}

/// All that somebody wants to work on, with what they are good at and what helps them.
package struct GoalList: Sendable {
    package struct Strengths: Sendable {
        /// nil when it can no longer be read.
        package let words: String?
    }

    /// nil while they wrote none down.
    package let strengths: Strengths?
    /// The oldest first.
    package let goals: [Goal]

    package var isEmpty: Bool { strengths == nil && goals.isEmpty }

    /// The most characters of what helps them.
    package static let longest = 2_000
}

extension EventKind {
    package static let strengthsKept = EventKind("goal.strengths-kept")
    /// It was written, changed, set aside, reached or taken up again.
    package static let goalKept = EventKind("goal.kept")
    package static let goalDeleted = EventKind("goal.deleted")
    /// It was written, changed, done, or not done after all.
    package static let stepKept = EventKind("goal.step-kept")
    package static let stepDeleted = EventKind("goal.step-deleted")
    package static let stepReminderSet = EventKind("goal.reminder-set")
    package static let stepReminderEnded = EventKind("goal.reminder-ended")
    /// Somebody is due reminders that they set. The object is the person.
    package static let stepReminderDue = EventKind("goal.reminder-due")
    /// They were, when nobody looked, and it is too late now.
    package static let stepReminderMissed = EventKind("goal.reminder-missed")
    /// Of both the object is the match whose supporter it is about.
    package static let goalsShared = EventKind("goal.shared")
    package static let goalsUnshared = EventKind("goal.unshared")
}
