import FHIR
import Kith

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
