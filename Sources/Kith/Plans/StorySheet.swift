import Storage

/// What somebody would like whoever supports them to know, told once in their own words, so that they need not tell it
/// anew to each supporter.
package struct StorySheet: OwnSheet {
    /// The questions, in the order in which they are read.
    package enum Part: String, Sendable, CaseIterable {
        /// What happened, or what they live with.
        case life
        /// What they do not want to be asked about.
        case unasked
        /// What has helped.
        case helped
        /// What they wish that whoever supports them knew.
        case wish
        /// What the others speak of, for whoever wants to know before they read.
        case note
    }

    package let answers: [Part: String]

    /// A note on nothing is no answer.
    package init(_ answers: [Part: String] = [:]) {
        let given = answers.filter { !$0.value.isEmpty }
        self.answers = given.keys.contains { $0 != .note } ? given : [:]
    }

    package static let note: Part? = .note
    package static let name = "my-story"
    package static let code = "story-sheet"
    package static let templates = "plans/my-story"
    package static let tables: (sheet: SQL, share: SQL) = ("story_sheet", "story_sheet_share")
    package static let textName: StaticString = "story_sheet.answers"
    package static let item = Item.storySheet
    package static let look = Disclosure.What.storySheet
    package static let events = OwnSheetEvents(
        kept: .storySheetKept, deleted: .storySheetDeleted, shared: .storySheetShared, unshared: .storySheetUnshared)
}

extension EventKind {
    package static let storySheetKept = EventKind("story-sheet.kept")
    package static let storySheetDeleted = EventKind("story-sheet.deleted")
    package static let storySheetShared = EventKind("story-sheet.shared")
    package static let storySheetUnshared = EventKind("story-sheet.unshared")
}
