import Foundation
import Kith

/// What the demonstration tells: one health system, its people and what they write. Lies as JSON beside the program.
struct Demonstration: Sendable {
    let house: House
    let supporters: [SupporterPart]
    private(set) var participants: [ParticipantPart]
    let threads: [String: MessageThread]
    let notes: [String: NoteText]
    /// Short notes for contacts of which nothing longer was written.
    let shortNotes: [NoteText]
    let sayings: Sayings
    let groups: [GroupPart]
    let course: CoursePart

    /// Reads the JSON that comes with the program.
    /// - Throws: what is wrong with it.
    static func load() throws -> Demonstration {
        let folder = (Bundle.module.resourcePath ?? Bundle.module.bundlePath) + "/Demonstration"
        func read<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
            try JSONDecoder().decode(T.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json")))
        }
        let notes: [NoteText] = try read("notes")
        let threads: [MessageThread] = try read("conversations")
        return Demonstration(
            house: try read("organization"), supporters: try read("supporters"), participants: try read("participants"),
            threads: Dictionary(threads.map { ($0.id, $0) }) { $1 },
            notes: Dictionary(notes.map { ($0.id, $0) }) { $1 }, shortNotes: try read("short-notes"),
            sayings: try read("words"), groups: try read("groups"),
            course: try read("course"))
    }

    /// The same with only the first `count` people of each story, and whomever their stories need.
    func sample(of count: Int) -> Demonstration {
        var seen: [ParticipantPart.Story: Int] = [:]
        let first = participants.filter { part in
            seen[part.story, default: 0] += 1
            return seen[part.story, default: 0] <= count
        }
        let needed = Set(first.map(\.id) + first.compactMap(\.mergedInto))
        var sample = self
        sample.participants = participants.filter { needed.contains($0.id) }
        return sample
    }

    /// The people somebody supports now or is about to, in the order of the content.
    func people(of supporter: SupporterPart) -> [ParticipantPart] {
        participants.filter { $0.supporter == supporter.id && $0.isInHands }
    }

    func supporter(of part: ParticipantPart) throws -> SupporterPart {
        guard let found = supporters.first(where: { $0.id == part.supporter }) else {
            throw Fault("the demonstration has no supporter for \(part.id)")
        }
        return found
    }

    /// An area as people call it.
    func area(_ code: String?) -> String? {
        code.map { code in house.areas.first { $0.code == code }?.name ?? code }
    }
}

// MARK: - The organization

extension Demonstration {
    struct House: Decodable, Sendable {
        struct Organization: Decodable, Sendable {
            let name: String
            let slug: String
            let timeZone: String
            let locale: String
        }

        struct Place: Decodable, Sendable {
            let code: String
            let name: String
        }

        struct Program: Decodable, Sendable {
            let code: String
            let name: String
            let site: String
            let summary: String
            let eligibility: String
            let words: [String]
            let topics: [Place]
        }

        struct Partner: Decodable, Sendable {
            let code: String
            let name: String
            let program: String
        }

        struct Staff: Decodable, Sendable {
            let name: String
            let program: String?
            let email: String
            /// Only a referrer has one.
            let number: Int?
        }

        let organization: Organization
        let sites: [Place]
        let areas: [Place]
        let programs: [Program]
        let partners: [Partner]
        let coordinators: [Staff]
        let supervisors: [Staff]
        let referrers: [Staff]
        let administrator: Staff
    }

    /// What people say at an end or at a new beginning.
    struct Sayings: Decodable, Sendable {
        struct Saying: Decodable, Sendable {
            let id: String
            let text: String
        }

        struct Feedback: Decodable, Sendable {
            let id: String
            let helped: String
            let again: String
            let words: String?
        }

        let toReferrer: [Saying]
        let feedback: [Feedback]
        let cancellationReasons: [Saying]
        let reopenReasons: [Saying]

        /// What the content means by an identifier such as `w01`.
        func text(_ id: String?) throws -> String? {
            guard let id else { return nil }
            guard let found = (toReferrer + cancellationReasons + reopenReasons).first(where: { $0.id == id }) else {
                throw Fault("the demonstration has no saying \(id)")
            }
            return found.text
        }
    }
}
