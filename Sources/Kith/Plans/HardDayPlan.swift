import Foundation

/// What somebody wrote down on a good day for the hard ones, in their own words. It is theirs: nobody reads it but they,
/// and those of their supporters whom they chose.
///
/// The questions are Kith's own. Known forms for such plans may not be used without their authors' permission.
package struct HardDayPlan: Sendable, Equatable {
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

    /// The most characters of an answer.
    package static let most = 2_000

    package var answers: [Part: String] = [:]

    package init(_ answers: [Part: String] = [:]) { self.answers = answers.filter { !$0.value.isEmpty } }

    package var isEmpty: Bool { answers.isEmpty }

    /// The answers in the order of their questions.
    package var inOrder: [String] { Part.allCases.compactMap { answers[$0] } }

    /// As it is sealed: the answers by their names.
    var text: String {
        get throws {
            let named = Dictionary(uniqueKeysWithValues: answers.map { ($0.key.rawValue, $0.value) })
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(named), as: UTF8.self)
        }
    }

    /// What ``text`` was made of; nil when it is something else.
    init?(text: String) {
        guard let named = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else { return nil }
        self.init(
            Dictionary(
                uniqueKeysWithValues: named.compactMap { name, words in Part(rawValue: name).map { ($0, words) } }))
    }
}

extension EventKind {
    package static let hardDayPlanKept = EventKind("hard-day-plan.kept")
    package static let hardDayPlanDeleted = EventKind("hard-day-plan.deleted")
    /// Object: the match whose supporter may read it from now on, or no longer.
    package static let hardDayPlanShared = EventKind("hard-day-plan.shared")
    package static let hardDayPlanUnshared = EventKind("hard-day-plan.unshared")
}
