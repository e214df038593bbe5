import Storage

/// What people write to each other, as one of its members finds it: a participant and their supporter, or the members of
/// a group. Nobody else can: not coordinators, not supervisors, not administrators.
///
/// That of a pair opens and closes with their match; that of a group belongs to whoever keeps the group, who lets members
/// in and out. Closed, nobody writes in it any more, and its members can go on reading. A supporter whose role in the
/// program has ended no longer finds it. Whoever has left a group finds what came before, and nothing else.
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

    /// As what somebody takes part in a conversation.
    package enum MemberRole: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case participant, supporter
        /// Leads a group.
        case facilitator
    }

    /// What a group says of itself on its conversation's page.
    package struct Heading: Sendable, Equatable {
        package let title: String
        /// What its members have agreed on, in a line that stays in sight.
        package let agreements: String?
        /// Whether its members may send pictures and voice notes.
        package let takesAttachments: Bool

        package init(title: String, agreements: String? = nil, takesAttachments: Bool = false) {
            self.title = title
            self.agreements = agreements
            self.takesAttachments = takesAttachments
        }
    }

    package struct Member: Sendable, Equatable {
        package let person: Person.ID
        /// The name they have in a group, or else what they like to be called.
        package let name: String
        package let role: MemberRole
        package let marks: Marks
    }

    package let id: ID
    package let program: Program.ID
    /// nil in a group.
    package let match: Match.ID?
    /// nil in a pair.
    package let group: Heading?
    /// The number of the first message that the person asking may read.
    package let firstSequence: Int
    /// How many messages it has; for whoever has left, had by then.
    package let lastSequence: Int
    /// How often one of its messages was changed or taken back.
    package let lastChange: Int
    /// Counts on whenever it changes who may read it.
    let revision: Int
    package let closedAt: Instant?
    /// Since when nobody can write in it, for a time.
    package let pausedAt: Instant?
    /// When the person asking left.
    package let leftAt: Instant?
    /// The person asking.
    package let me: Member
    /// The other of a pair; nil in a group.
    package let other: Member?
    /// Whether the participant of the pair agrees to take part at this moment; in a group, the person asking.
    package let isAgreed: Bool

    /// Whether pictures and voice notes may be sent: in a pair always.
    package var takesAttachments: Bool { group?.takesAttachments ?? true }
    package var isClosed: Bool { closedAt != nil }
    package var isPaused: Bool { pausedAt != nil }
    /// Whether what is written from now on is for the person asking.
    package var isMember: Bool { leftAt == nil }
    package var canWrite: Bool { !isClosed && !isPaused && isMember && isAgreed }
    /// Where the person asking goes on reading: the number of the first message not read.
    package var nextToRead: Int { min(me.marks.read, lastSequence) + 1 }
    /// Of a pair.
    package var participant: Person.ID? { me.role == .participant ? other.map { _ in me.person } : other?.person }
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
    /// Somebody was let into a group. Details: `role`.
    package static let conversationJoined = EventKind("conversation.joined")
    package static let conversationLeft = EventKind("conversation.left")
    /// What a group says of itself was changed.
    package static let conversationDescribed = EventKind("conversation.described")
    /// Details: `sequence`. Never the words.
    package static let messageSent = EventKind("message.sent")
    /// Details: `sequence`.
    package static let messageEdited = EventKind("message.edited")
    package static let messageDeleted = EventKind("message.deleted")
    package static let draftKept = EventKind("draft.kept")
    /// The person's marks moved. Details: `delivered`, `read`.
    package static let messagesSeen = EventKind("messages.seen")
}
