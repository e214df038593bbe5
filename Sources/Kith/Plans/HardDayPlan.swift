import Storage

/// What somebody wrote down on a good day for the hard ones, in their own words.
///
/// The questions are Kith's own. Known forms for such plans may not be used without their authors' permission.
package struct HardDayPlan: OwnSheet {
    /// The questions, in the order in which they help on a hard day.
    package enum Part: String, Sendable, CaseIterable {
        /// How they notice it.
        case signs
        /// What they can do by themselves.
        case alone
        /// Where and with whom something else comes to mind.
        case company
        /// Whom they can ask for help.
        case people
        /// Whom they can call who does this for a living.
        case services
        /// What makes the place where they are safer.
        case safer
        /// What it is worth going on for.
        case worth
    }

    package let answers: [Part: String]

    package init(_ answers: [Part: String] = [:]) { self.answers = answers.filter { !$0.value.isEmpty } }

    package static let name = "hard-days"
    package static let code = "hard-day-plan"
    package static let templates = "plans/hard-days"
    package static let tables: (sheet: SQL, share: SQL) = ("hard_day_plan", "hard_day_plan_share")
    package static let textName: StaticString = "hard_day_plan.answers"
    package static let item = Item.hardDayPlan
    package static let look = Disclosure.What.hardDayPlan
    package static let events = OwnSheetEvents(
        kept: .hardDayPlanKept, deleted: .hardDayPlanDeleted, shared: .hardDayPlanShared,
        unshared: .hardDayPlanUnshared)
}

extension EventKind {
    package static let hardDayPlanKept = EventKind("hard-day-plan.kept")
    package static let hardDayPlanDeleted = EventKind("hard-day-plan.deleted")
    package static let hardDayPlanShared = EventKind("hard-day-plan.shared")
    package static let hardDayPlanUnshared = EventKind("hard-day-plan.unshared")
}
