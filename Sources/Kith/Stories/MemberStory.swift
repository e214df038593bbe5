import Screening
import Storage

/// What somebody who takes part or supports in a program tells the others of it: a story, or a tip. It is theirs. Nobody
/// sees it before they said yes to what will be shown and somebody has read it, and they take it back in one step.
package struct MemberStory: Named {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case story
        case tip

        /// The most characters of its text.
        package var most: Int { self == .story ? 4_000 : 280 }
    }

    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Its writer has not said yes to what it is now.
        case draft
        /// Somebody reads it first.
        case waiting
        case shown
        /// They may change it and send it again.
        case returned
        /// It is not shown, or no longer.
        case declined
        /// Only that it was there is kept.
        case withdrawn
    }

    /// The most characters of a title and of a chosen name.
    package static let longestTitle = 120
    package static let longestName = 60

    /// What is shown of it.
    package struct Text: Sendable, Equatable {
        package var kind: Kind
        /// Of a story; a tip has none.
        package var title = ""
        package var body: String
        /// The name they choose for it; empty: none.
        package var shownAs = ""
        /// The language it is written in, a BCP 47 code.
        package var language = "en"

        package init(_ kind: Kind, title: String = "", _ body: String, as name: String = "", in language: String = "en")
        {
            (self.kind, self.title, self.body, shownAs, self.language) = (kind, title, body, name, language)
        }

        /// As a form has it.
        var fields: [String: [String]] {
            ["title": [title], "text": [body], "shown-as": [shownAs], "language": [language]]
        }

        /// All of its words, as whoever reads it first reads them.
        var whole: String { title.isEmpty ? body : "\(title)\n\n\(body)" }

        /// - Throws: ``Problem/invalid(_:)`` for `title`, `text`, `shown-as`.
        func check() throws(Problem) {
            var errors: [String: String] = [:]
            if kind == .story, title.isEmpty { errors["title"] = "required" }
            if title.count > longestTitle { errors["title"] = "too-long" }
            if body.isEmpty { errors["text"] = "required" }
            if body.count > kind.most { errors["text"] = "too-long" }
            if shownAs.count > longestName { errors["shown-as"] = "too-long" }
            try Problem.check(errors)
        }
    }

    /// What somebody wrote, and what it gives cause to: looked at before anything is written, since that takes its time.
    package struct Draft: Sendable {
        package let text: Text
        /// Words of it that give cause to offer help.
        package let worry: String?

        /// - Throws: ``Problem/invalid(_:)`` for `title`, `text`, `shown-as`.
        package init(_ text: Text) throws(Problem) {
            try text.check()
            (self.text, worry) = (text, Message.Draft.worry(in: text.whole))
        }
    }

    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let writer: Person.ID
    package let kind: Kind
    package let state: State
    package let language: String
    package let shownAt: Instant?
    /// Whether it may be shown when its writer is no longer in the program.
    package let mayStay: Bool
    /// nil when it was taken back, or can no longer be read.
    package let text: Text?

    init(row: Row, _ key: TextKey?) throws {
        id = try row["id"]
        organization = try row["organization_id"]
        program = try row["program_id"]
        writer = try row["writer_id"]
        kind = try row["kind"]
        state = try row["state"]
        language = try row["language"]
        shownAt = try row["shown_at"]
        mayStay = try row["may_stay"]
        var texts = KeptTexts(key, id: id.text)
        let body = texts.open(try row["body"], "member_story.body")
        let title = texts.open(try row["title"], "member_story.title")
        let name = texts.open(try row["shown_as"], "member_story.shown_as")
        let (kind, language) = (kind, language)
        text = body.map { Text(kind, title: title ?? "", $0, as: name ?? "", in: language) }
    }

    /// What a yes is said to: it is no yes to other words.
    package var mark: String { Edition(text?.fields ?? [:]).mark }
}

extension EventKind {
    /// Details: `kind`.
    package static let storyWritten = EventKind("story.written")
    package static let storyChanged = EventKind("story.changed")
    package static let storyAgreed = EventKind("story.agreed")
    package static let storyShown = EventKind("story.shown")
    package static let storyReturned = EventKind("story.returned")
    package static let storyDeclined = EventKind("story.declined")
    package static let storyWithdrawn = EventKind("story.withdrawn")
}
