import Storage

/// Something went wrong or nearly did: what happened, who was told, what a second person makes of it, and what is learned.
/// It names roles and not people; who they are stands in the records it is about.
package struct Incident: Named {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case injury, harm, boundary, privacy, conduct, property, other
    }

    package enum State: String, Sendable, SQLConvertible, SQLDecodable {
        case open, reviewed, closed
    }

    /// Who is told outside of the page.
    package enum Told: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case person, family, clinic, authority, insurer, police, other
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let kind: Kind
    package let happenedOn: Day
    package let state: State
    /// Who wrote it down; all its texts are under their key.
    package let author: Person.ID
    package let recordedAt: Instant
    /// By when somebody else reviews it; only while it is open.
    package let due: Instant?
    package let reviewedAt: Instant?
    package let closedAt: Instant?
    private let sealed: (words: String, review: String?, lessons: String?)

    package init(row: Row) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        kind = try row["kind"]
        happenedOn = try row["happened_on"]
        state = try row["state"]
        author = try row["author_id"]
        recordedAt = try row["recorded_at"]
        due = try row["due_at"]
        reviewedAt = try row["reviewed_at"]
        closedAt = try row["closed_at"]
        sealed = (try row["words"], try row["review"], try row["lessons"])
    }

    static let daysToReview = 7
    static let longest = 4_000

    /// What a text of its is bound to.
    enum Text {
        case words, review, lessons

        func place(in id: ID) -> TextPlace {
            switch self {
            case .words: TextPlace("incident.words", id.text)
            case .review: TextPlace("incident.review", id.text)
            case .lessons: TextPlace("incident.lessons", id.text)
            }
        }
    }

    /// What is written in it; nil where nothing is, or where it can no longer be read.
    func texts(in db: Reading) throws -> (words: String?, review: String?, lessons: String?) {
        let key = try db.textKey(of: author, in: organization)
        func open(_ sealed: String?, _ text: Text) -> String? {
            sealed.flatMap { key?.open($0, from: text.place(in: id)) }
        }
        return (open(sealed.words, .words), open(sealed.review, .review), open(sealed.lessons, .lessons))
    }

    func seal(_ text: String, as what: Text, in db: Writing) throws -> String {
        try db.writingKey(of: author, in: organization).seal(text, as: what.place(in: id))
    }

    func event(_ kind: EventKind, _ details: [String: String] = [:]) -> Event {
        Event(kind, of: id.text, in: program, details)
    }
}

extension EventKind {
    package static let incidentRecorded = EventKind("incident.recorded")
    /// Details: `whom`.
    package static let incidentTold = EventKind("incident.told")
    package static let incidentReviewed = EventKind("incident.reviewed")
    package static let incidentClosed = EventKind("incident.closed")
}
