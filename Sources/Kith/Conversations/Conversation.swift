import Storage

/// What a participant and their supporter write to each other, as one of the two finds it. Nobody else can: not
/// coordinators, not supervisors, not administrators.
///
/// It opens and closes with their match. Closed, nobody writes in it any more, and both can go on reading. A supporter
/// whose role in the program has ended no longer finds it.
package struct Conversation: Named {
    /// How far somebody has got: numbers of messages, which are counted from 1 without gaps. They only move forward.
    package struct Marks: Sendable, Equatable {
        /// Everything up to here has arrived: on a page they opened, or in a browser of theirs that said so.
        package var delivered: Int
        /// Everything up to here stood on a page they opened, or on one they had before their eyes, or before words
        /// that they answered with.
        package var read: Int

        package init(delivered: Int = 0, read: Int = 0) {
            self.delivered = delivered
            self.read = read
        }

        /// The marks once the messages of `range` have arrived, and been seen if `reading`. A mark never
        /// moves over messages that were left out, so that none counts as seen that was not.
        package func after(_ range: ClosedRange<Int>, reading: Bool) -> Marks {
            func moved(_ mark: Int) -> Int { mark >= range.lowerBound - 1 ? max(mark, range.upperBound) : mark }
            return Marks(delivered: moved(delivered), read: reading ? moved(read) : read)
        }

        /// What has become of a message written to the person with these marks.
        package func delivery(of sequence: Int) -> Delivery {
            if sequence <= read { return .read }
            return sequence <= delivered ? .delivered : .sent
        }
    }

    package struct Member: Sendable, Equatable {
        package let person: Person.ID
        /// What they like to be called.
        package let name: String
        package let role: Role
        package let marks: Marks
        /// Opens what they wrote; nil when they wrote nothing, or their record was erased.
        let key: TextKey?
    }

    package let id: ID
    package let program: Program.ID
    package let match: Match.ID
    /// How many messages it has.
    package let lastSequence: Int
    package let closedAt: Instant?
    /// Since when nobody can write in it, for a time.
    package let pausedAt: Instant?
    /// The person asking.
    package let me: Member
    package let other: Member
    /// Whether the participant agrees to take part, at this moment.
    package let isAgreed: Bool

    package var isClosed: Bool { closedAt != nil }
    package var isPaused: Bool { pausedAt != nil }
    package var canWrite: Bool { !isClosed && !isPaused && isAgreed }
    /// Where the person asking goes on reading: the number of the first message not read.
    package var nextToRead: Int { min(me.marks.read, lastSequence) + 1 }
    package var participant: Person.ID { me.role == .participant ? me.person : other.person }
}

/// What has become of a message, said in words under it.
package enum Delivery: String, Sendable, CaseIterable {
    /// Kept, durably.
    case sent
    /// In a browser of the other, which said so.
    case delivered
    /// On a page that the other opened or had before their eyes, or answered to.
    case read
}

extension EventKind {
    package static let conversationOpened = EventKind("conversation.opened")
    package static let conversationClosed = EventKind("conversation.closed")
    /// Details: `sequence`. Never the words.
    package static let messageSent = EventKind("message.sent")
    /// The person's marks moved. Details: `delivered`, `read`.
    package static let messagesSeen = EventKind("messages.seen")
}
