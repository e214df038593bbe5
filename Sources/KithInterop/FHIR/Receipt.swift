import FHIR
import Kith
import Storage

/// What became of one resource that came.
package struct Receipt: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// Something began here because of it.
        case taken
        /// It came before, or says nothing new.
        case known
        case kept(Unused)
    }

    package let outcome: Outcome
    /// Whom it is, for a Patient or RelatedPerson.
    package var person: Person.ID?
    /// What it became, for a ServiceRequest or Task.
    package var referral: Referral.ID?
    /// What a reader of a report should know besides.
    package var remarks: [Remark]

    package enum Remark: String, Sendable {
        /// A closed request, kept so that nobody starts from nothing.
        case history
        /// One of its numbers belongs to somebody else here.
        case sharedIdentifier = "shared-identifier"
        /// It wants nobody to contact the person.
        case contactProhibited = "contact-prohibited"

        package var words: String {
            switch self {
            case .history: "ended before it came here; kept as history"
            case .sharedIdentifier: "one of its identifiers is somebody else's here; kept apart"
            case .contactProhibited: "nobody may contact this person"
            }
        }
    }

    init(_ outcome: Outcome, person: Person.ID? = nil, referral: Referral.ID? = nil, remarks: [Remark] = []) {
        self.outcome = outcome
        self.person = person
        self.referral = referral
        self.remarks = remarks
    }
}

/// Why a valid resource is kept in mind and not used.
package enum Unused: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
    /// Clinical or administrative: it stays where it is.
    case notNeeded = "not-needed"
    case notAnOrder = "not-an-order"
    case notPeerSupport = "not-peer-support"
    case notInForce = "not-in-force"
    case hasDied = "has-died"
    case notActive = "not-active"
    case nameless
    case notARequest = "not-a-request"
    case requestNotHere = "request-not-here"
    case requestNotTaken = "request-not-taken"

    /// For whoever reads a report or an answer.
    package var words: String {
        switch self {
        case .notNeeded: "not needed here; only noted that it exists"
        case .notAnOrder: "a proposal or plan, not an order"
        case .notPeerSupport: "asks for something other than peer support"
        case .notInForce: "a draft, on hold or entered in error"
        case .hasDied: "the record says that this person has died"
        case .notActive: "the record is no longer in use at its sender"
        case .nameless: "gives no name"
        case .notARequest: "not a request that is open"
        case .requestNotHere: "the ServiceRequest it is about is not here"
        case .requestNotTaken: "the ServiceRequest it is about was not taken"
        }
    }
}
