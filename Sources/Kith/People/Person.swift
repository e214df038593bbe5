import Storage

/// Somebody Kith knows. What they may do is in their roles; a caregiver is a participant in their own right.
package struct Person: Named {
    package let id: ID
    package let name: String
    /// What they like to be called, when that is not their name.
    package let called: String?
    /// BCP 47, the language they like to be written and spoken to in.
    package let language: String
    /// Nobody may contact them on any channel, whatever else is agreed.
    package let doNotContact: Bool

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        called = try row["called"]
        language = try row["language"]
        doNotContact = try row["do_not_contact"]
    }
}

/// How somebody can be reached, and how carefully.
package struct ContactChannel: Named, Equatable {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case phone, text, email, letter
    }

    package let kind: Kind
    package let address: String
    /// Whether a message may be left where somebody else could hear or read it.
    package let mayLeaveMessage: Bool
    /// When, in the person's own words.
    package let hours: String?

    package init(kind: Kind, address: String, mayLeaveMessage: Bool, hours: String? = nil) {
        self.kind = kind
        self.address = address
        self.mayLeaveMessage = mayLeaveMessage
        self.hours = hours
    }

    package init(row: Row) throws {
        kind = try row["kind"]
        address = try row["address"]
        mayLeaveMessage = try row["may_leave_message"]
        hours = try row["hours"]
    }
}

/// What is asked of a person who is new. Everything but a name may be left out.
package struct PersonDraft: Sendable, Equatable {
    package var name: String
    package var called: String?
    package var language: String
    package var birthYear: Int?
    package var gender: String?
    package var culture: String?
    package var area: String?
    /// For their safety, whatever they want themselves.
    package var doNotContact: Bool
    /// Whether they asked themselves that nobody contacts them; only they can take it back.
    package var hasStoppedContact = false
    package var channels: [ContactChannel]

    package init(
        name: String, called: String? = nil, language: String = "en", birthYear: Int? = nil, gender: String? = nil,
        culture: String? = nil, area: String? = nil, doNotContact: Bool = false, channels: [ContactChannel] = []
    ) {
        self.name = name
        self.called = called
        self.language = language
        self.birthYear = birthYear
        self.gender = gender
        self.culture = culture
        self.area = area
        self.doNotContact = doNotContact
        self.channels = channels
    }
}

extension EventKind {
    package static let personAdded = EventKind("person.added")
    package static let personCompleted = EventKind("person.completed")
    /// What is known of somebody was put right, by themselves or by those who take care of their referral.
    package static let personChanged = EventKind("person.changed")
    package static let roleGiven = EventKind("role.given")
    package static let roleEnded = EventKind("role.ended")
    /// Details: `account`, “disabled” when nothing is left that they may do, else “kept”.
    package static let accessEnded = EventKind("access.ended")
    package static let accountOpened = EventKind("account.opened")
    package static let passwordChanged = EventKind("account.password-changed")
    package static let signedIn = EventKind("session.opened")
    package static let signedOut = EventKind("session.ended")
    package static let identityProved = EventKind("session.proved")
    package static let signInRuleSet = EventKind("sign-in-rule.set")
    package static let invited = EventKind("invitation.sent")
    package static let invitationAccepted = EventKind("invitation.accepted")
    package static let careRelationAdded = EventKind("care-relation.added")
    package static let careRelationEnded = EventKind("care-relation.ended")
    /// Details: `set`, “yes” or “no”; `by`, “own” where the person asked for it.
    package static let doNotContactSet = EventKind("person.do-not-contact")
}
