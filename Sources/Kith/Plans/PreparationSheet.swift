import Storage

/// What somebody wrote down before an appointment of any kind, so that it is said there.
package struct PreparationSheet: OwnSheet {
    /// The questions, in the order in which they are looked at there.
    package enum Part: String, Sendable, CaseIterable {
        /// What matters to them.
        case matters
        /// What they want to ask.
        case questions
        /// What has changed since last time.
        case changes
        /// What they want to come out of it.
        case outcome
    }

    package let answers: [Part: String]

    package init(_ answers: [Part: String] = [:]) { self.answers = answers.filter { !$0.value.isEmpty } }

    package static let name = "preparation"
    package static let code = "preparation-sheet"
    package static let templates = "plans/preparation"
    package static let tables: (sheet: SQL, share: SQL) = ("preparation_sheet", "preparation_sheet_share")
    package static let textName: StaticString = "preparation_sheet.answers"
    package static let item = Item.preparationSheet
    package static let look = Disclosure.What.preparationSheet
    package static let events = OwnSheetEvents(
        kept: .preparationSheetKept, deleted: .preparationSheetDeleted, shared: .preparationSheetShared,
        unshared: .preparationSheetUnshared)
}

extension EventKind {
    package static let preparationSheetKept = EventKind("preparation-sheet.kept")
    package static let preparationSheetDeleted = EventKind("preparation-sheet.deleted")
    package static let preparationSheetShared = EventKind("preparation-sheet.shared")
    package static let preparationSheetUnshared = EventKind("preparation-sheet.unshared")
}
