/// Takes messages off our hands: a mail server, a gateway for text messages, or a test that looks at what would leave.
package protocol Carrier: Sendable {
    /// Returns when the other side has said that it took the message.
    /// - Throws: also when the task is canceled; then it may have arrived or not.
    func carry(_ letter: Letter) async throws(CarryFailure)
}

/// What leaves, word for word.
package struct Letter: Sendable, Equatable {
    /// The same whenever the same message is sent again, so that whoever gets it twice can tell.
    package let id: String
    package let channel: ContactChannel.Kind
    package let address: String
    /// Shown to whoever sees the inbox: it tells nothing.
    package let senderName: String
    package let subject: String
    package let text: String
    /// Where one click stops these messages; nil for what comes once.
    package let stopAddress: String?
    /// What a mail program may put into a calendar.
    package var calendars: [CalendarPart] = []

    package struct CalendarPart: Sendable, Equatable {
        /// What it asks for: `REQUEST` or `CANCEL` (RFC 5546).
        package let method: String
        package let text: String
    }
}

/// What a later feature puts into a message right before it leaves.
package struct Enclosing: Sendable {
    package let message: OutgoingMessage
    /// Where it goes.
    package let address: String
    /// The name of this site.
    package let host: String
    /// In the language of whoever gets it.
    package let words: Words
}

/// Why something was not taken. Nothing in it is about a person.
package enum CarryFailure: Error, Sendable, Equatable {
    /// Another time, perhaps. The code is a word for the administrator's page.
    case notNow(String)
    /// Never, by the answer of the other side.
    case refused(String)
    /// We were stopped.
    case interrupted

    var isFinal: Bool { if case .refused = self { true } else { false } }

    var code: String {
        switch self {
        case .notNow(let code), .refused(let code): code
        case .interrupted: "interrupted"
        }
    }
}
