import Foundation
import Kith

/// Somebody's part in the demonstration who receives support, or was referred for it.
struct ParticipantPart: Decodable, Sendable {
    /// How far it goes.
    enum Story: String, Decodable, Sendable, CaseIterable {
        case new, late, consent, matching, waiting, answers
        case firstContact = "first-contact"
        case support, cancellation, declined
        case saidNo = "said-no"
        case completed, cancelled, merged, reopened, withdrawn
    }

    enum Door: Sendable, Equatable {
        case partner(String)
        case referrer(Int)
        case own
    }

    struct Consents: Decodable, Sendable {
        let shareStatus: Bool
        let phone: Bool
        let text: Bool
        let email: Bool
    }

    struct Attempt: Decodable, Sendable {
        let channel: String
        let outcome: String
        let hoursAfter: Double
    }

    struct Reopening: Decodable, Sendable {
        let daysAgo: Double
        /// How far the new story goes.
        let then: Story
        let reason: String
    }

    struct Wish: Decodable, Sendable {
        let kind: Wishes.Wish.Kind
        let must: Bool?
    }

    struct WishesPart: Decodable, Sendable {
        let languages: [String]
        let formats: [Format]
        let topics: [String]
        let hours: [WeekHours]
        let words: String?
        let gender: Wish?
        let age: Wish?
        let culture: Wish?
    }

    let id: String
    let name: String
    let called: String?
    let program: String
    let language: String
    let birthYear: Int?
    let gender: String?
    let culture: String?
    let area: String?
    let phone: String?
    let email: String?
    let letter: String?
    let mayLeaveMessage: Bool
    let doNotContact: Bool
    let forOther: Bool
    let relation: String?
    /// Whom they care for, where they give a name.
    let caresFor: String?
    let door: Door
    let reason: String
    let priority: String
    let wishes: WishesPart
    let story: Story
    let daysAgo: Double
    let consents: Consents?
    let attempts: [Attempt]?
    let supporter: String?
    /// Who says no to the first suggestion, which is somebody else than their supporter in the end.
    let firstNo: String?
    /// Who has said yes already, where the other has not.
    let yes: String?
    let declineReason: String?
    let stopReason: String?
    let outcome: String?
    let closedDaysAgo: Double?
    let word: String?
    let feedback: String?
    let reopened: Reopening?
    let withdrawnDaysAgo: Double?
    let mergedInto: String?
    let conversation: String?
    let notes: [String]?

    var shortName: String { called ?? firstWord(of: name) }
    var isUrgent: Bool { priority == "urgent" }

    /// Whether a supporter has them in their hands at the end of the story, or is asked to.
    var isInHands: Bool {
        switch story {
        case .answers, .firstContact, .support: true
        case .reopened: reopened?.then == .support
        default: false
        }
    }

    /// The name they sign in with.
    var login: String {
        if let email { return email }
        let plain = name.folding(options: .diacriticInsensitive, locale: nil).lowercased()
        let words = plain.split { !$0.isLetter && !$0.isNumber }
        return words.joined(separator: ".") + "@example.org"
    }
}

extension ParticipantPart.Door: Decodable {
    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let parts = text.split(separator: ":").map(String.init)
        switch (parts.first, parts.last) {
        case ("self", _): self = .own
        case ("partner", let code?): self = .partner(code)
        case ("referrer", let number?):
            guard let number = Int(number) else { throw Fault("the demonstration has a referrer without a number") }
            self = .referrer(number)
        default: throw Fault("the demonstration has an unknown door")
        }
    }
}

/// A supporter's part in the demonstration.
struct SupporterPart: Decodable, Sendable {
    struct Lived: Decodable, Sendable {
        let code: String
        let shownTo: Supporter.Statement.Audience
    }

    struct Away: Decodable, Sendable {
        /// Days from now; nil: they have not said.
        let returnsOn: Int?
    }

    let id: String
    let name: String
    let called: String?
    let programs: [String]
    let introduction: String
    let languages: [String]
    let formats: [Format]
    let areas: [String]
    let hours: [WeekHours]
    let limit: Int
    let lived: [Lived]
    let notTaken: [String]
    let birthYear: Int?
    let gender: String?
    let culture: String?
    let paused: Away?
    let email: String

    var shortName: String { called ?? firstWord(of: name) }
}

extension Supporter.Statement.Audience: Decodable {}

/// What two people wrote to each other.
struct MessageThread: Decodable, Sendable {
    struct Line: Decodable, Sendable {
        /// `p` or `s`.
        let from: String
        /// After the line before.
        let gapMinutes: Int
        let text: String

        var isSupporters: Bool { from == "s" }
    }

    let id: String
    /// Of the first line; Monday is 0.
    let weekday: Int
    /// Of the first line, such as `03:52`.
    let at: String
    let messages: [Line]

    /// From the first line to the last.
    var minutes: Int { messages.dropFirst().reduce(0) { $0 + $1.gapMinutes } }
}

/// What was written down about a contact.
struct NoteText: Decodable, Sendable {
    enum Answer: String, Decodable, Sendable {
        case agreed, changed, declined
    }

    let id: String
    let language: String
    let mode: Format
    let minutes: Int
    let functions: [Encounter.Function]
    let text: String
    let personsWords: String
    let answer: Answer
    let changedWords: String?
    let disagreement: String?

    var held: Encounter.Held { Encounter.Held(mode: mode, minutes: minutes, functions: Set(functions)) }
}

extension Encounter.Function: Decodable {}

/// What people are called who have not said otherwise.
func firstWord(of name: String) -> String {
    String(name.prefix { !$0.isWhitespace })
}
