import Web

/// An invitation to hand over or read out: to be printed, never sent by itself.
package struct InvitationLetterScreen: Screen {
    package static let template = "people/invitation-letter"
    let address: String
    let back: String
    let backKey: String

    /// - Parameters:
    ///   - address: the whole address; it holds the secret.
    ///   - back: where the reader goes on, and the key of the words that say so.
    package init(address: String, back: String, _ backKey: String = "invitation-letter.back") {
        self.address = address
        self.back = back
        self.backKey = backKey
    }

    package func title(_ words: Words) -> String { words("invitation-letter.title") }

    package func shown(_ words: Words) -> Value {
        [
            "address": .text(address), "backPath": .text(back), "back": .text(words(backKey)),
            "days": .text(words("dates.days", count: Invitation.days))
        ]
    }
}
