import Storage

/// A page in plain words that a program keeps for the people it supports: something to read, or a checklist.
package struct LibraryPage: Named {
    package enum Kind: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        case reading
        /// One item a line, with boxes to tick on paper.
        case checklist
    }

    package enum State: String, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
        /// Only those who write see it.
        case draft
        case published
        case withdrawn
    }

    /// What somebody writes of it, and can change.
    package struct Text: Sendable, Equatable {
        package var kind: Kind
        package var title: String
        /// The language it is written in, a BCP 47 code.
        package var language: String
        /// ``Markdown``; of a checklist its items, one a line.
        package var body: String
        /// Where the words come from; empty where nobody said.
        package var source: String
        /// The last day before somebody has to look whether it is still right.
        package var reviewBy: Day

        package init(
            _ kind: Kind, title: String, _ body: String, in language: String = "en", from source: String = "",
            reviewBy: Day
        ) {
            (self.kind, self.title, self.body) = (kind, title, body)
            (self.language, self.source, self.reviewBy) = (language, source, reviewBy)
        }
    }

    package static let longestTitle = 120
    /// Half of ``Markdown/longest``: each item of a checklist gains two characters on its way onto the page.
    package static let longest = Markdown.longest / 2
    package static let longestSource = 400
    /// From one review to the next, in days, unless somebody says earlier.
    package static let reviewDays = 365
    /// How long after the day of its review readers are told that it is late, in days.
    package static let graceDays = 30

    package let id: ID
    package let program: Program.ID
    package let state: State
    package let text: Text
    /// When somebody last said that it is right; publishing it says so too.
    package let reviewedAt: Instant?
    package let reviewer: String?

    init(row: Row) throws {
        (id, program, state) = (try row["id"], try row["program_id"], try row["state"])
        text = Text(
            try row["kind"], title: try row["title"], try row["body"], in: try row["language"],
            from: try row["source"], reviewBy: try row["review_by"])
        (reviewedAt, reviewer) = (try row["reviewed_at"], try row["reviewer"])
    }

    /// Whether its review is late, for those who write.
    package func isDue(on today: Day) -> Bool { state == .published && today > text.reviewBy }

    /// Whether it is so late that readers are told.
    package func isUnchecked(on today: Day) -> Bool { today > text.reviewBy.adding(days: Self.graceDays) }
}

extension LibraryPage.Text {
    /// As the page shows it.
    package var markdown: Markdown {
        guard kind == .checklist else { return Markdown(body) }
        let lines = body.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
        return Markdown(lines.map { $0.hasPrefix("#") ? $0 : "- \(Self.item($0))" }.joined(separator: "\n"))
    }

    /// An item without the sign that somebody may have put before it.
    private static func item(_ line: String) -> String {
        line.replacing(/^(?:[-*+•☐]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s+)?/, with: "")
    }

    /// As the form has it.
    var fields: [String: [String]] {
        [
            "title": [title], "kind": [kind.rawValue], "language": [language], "text": [body], "source": [source],
            "review-by": [reviewBy.description]
        ]
    }

    /// - Parameter kept: what it was before. A day of review that has passed may stay, so that a late page can be mended.
    func flaws(on today: Day, beside kept: Self? = nil) -> [String: String] {
        var flaws: [String: String] = [:]
        if title.trimmed.isEmpty { flaws["title"] = "required" }
        if body.trimmed.isEmpty { flaws["text"] = "required" }
        if body.count > LibraryPage.longest { flaws["text"] = "too-long" }
        if reviewBy != kept?.reviewBy {
            if reviewBy <= today { flaws["review-by"] = "not-in-future" }
            if reviewBy > today.adding(days: LibraryPage.reviewDays + 1) { flaws["review-by"] = "too-far-ahead" }
        }
        return flaws
    }
}

extension EventKind {
    package static let libraryPageWritten = EventKind("library-page.written")
    package static let libraryPageChanged = EventKind("library-page.changed")
    package static let libraryPagePublished = EventKind("library-page.published")
    package static let libraryPageReviewed = EventKind("library-page.reviewed")
    package static let libraryPageWithdrawn = EventKind("library-page.withdrawn")
}
