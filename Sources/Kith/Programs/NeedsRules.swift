/// A program's short needs check: what people are asked after they asked for support, and what follows from what they
/// say. It asks about days and not about diseases, and it counts nothing together: each rule can be read aloud.
package struct NeedsRules: Sendable, Codable, Equatable {
    /// What is asked. Every question can be skipped.
    package enum Question: String, Sendable, CaseIterable {
        /// Whether they are safe, from others and from themselves.
        case safe
        /// How soon they need somebody.
        case soon
        /// How they get through their days.
        case days
        /// Whether there is somebody to lean on.
        case leanOn = "lean-on"
        /// Whether their health got worse and no clinic knows.
        case health

        /// The codes of its answers, as they are offered.
        package var answers: [String] {
            switch self {
            case .safe: ["yes", "unsure", "no"]
            case .soon: ["wait", "week", "today"]
            case .days: ["well", "hard", "not-at-all"]
            case .leanOn: ["yes", "sometimes", "nobody"]
            case .health: ["no", "unsure", "yes"]
            }
        }
    }

    /// What can follow, the most pressing first.
    package enum Consequence: String, Sendable, CaseIterable {
        /// A concern is raised, which calls people of the program until one of them has it in hand.
        case people
        /// They are shown who helps day and night.
        case numbers
        /// Their request becomes urgent.
        case sooner
        /// They are told that this is for a clinic too, and somebody talks with them about it.
        case clinic
    }

    /// All of `when` has to be said for `then` to follow.
    package struct Rule: Sendable, Codable, Equatable {
        /// By the code of a question, the codes of those of its answers that count.
        package let when: [String: [String]]
        /// Codes of consequences.
        package let then: [String]

        package init(_ when: [Question: [String]], _ then: [Consequence]) {
            self.when = Dictionary(uniqueKeysWithValues: when.map { ($0.rawValue, $1) })
            self.then = then.map(\.rawValue)
        }
    }

    /// Codes of what is asked; empty: this program asks nothing.
    package var questions: [String]
    package var rules: [Rule]

    package init(questions: [Question] = Question.allCases, rules: [Rule] = NeedsRules.usualRules) {
        self.questions = questions.map(\.rawValue)
        self.rules = rules
    }

    /// Reads them as they were written; what is left out is as usual.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        questions = try fields.decodeIfPresent([String].self, forKey: .questions) ?? Question.allCases.map(\.rawValue)
        rules = try fields.decodeIfPresent([Rule].self, forKey: .rules) ?? Self.usualRules
    }

    package static let usualRules = [
        Rule([.soon: ["today"]], [.sooner]),
        Rule([.days: ["not-at-all"]], [.sooner, .clinic]),
        Rule([.days: ["hard"], .leanOn: ["nobody"]], [.sooner]),
        Rule([.health: ["yes"]], [.sooner, .clinic])
    ]

    /// What no program can take away: whoever does not feel safe is not left alone with a form.
    package static let firmRules = [
        Rule([.safe: ["no"]], [.people, .numbers, .sooner]),
        Rule([.safe: ["unsure"]], [.numbers, .sooner])
    ]

    /// What is asked, always in the same order.
    package var asked: [Question] { Question.allCases.filter { questions.contains($0.rawValue) } }

    /// What follows from answers, each with the questions whose answers led to it. Where a question was skipped, no rule
    /// that needs its answer holds.
    package func consequences(of answers: [Question: String]) -> [Consequence: Set<Question>] {
        var found: [Consequence: Set<Question>] = [:]
        for rule in Self.firmRules + rules {
            let needed = rule.when.compactMap { code, those in Question(rawValue: code).map { ($0, those) } }
            guard !needed.isEmpty, needed.count == rule.when.count,
                needed.allSatisfy({ question, those in answers[question].map(those.contains) == true })
            else { continue }
            for consequence in rule.then.compactMap(Consequence.init) {
                found[consequence, default: []].formUnion(needed.map(\.0))
            }
        }
        return found
    }

    /// What keeps them from working, in sentences for whoever wrote them.
    package var flaws: [String] {
        var flaws: [String] = []
        func list(_ codes: [String]) -> String { codes.joined(separator: ", ") }
        for code in questions where Question(rawValue: code) == nil {
            flaws.append("There is no question “\(code)”; there are \(list(Question.allCases.map(\.rawValue))).")
        }
        if !questions.isEmpty, !asked.contains(.safe) {
            flaws.append("A needs check has to ask “safe”, so that nobody is left alone with a form.")
        }
        for rule in rules {
            if rule.when.isEmpty { flaws.append("A rule of the needs check has nothing in “when”.") }
            if rule.then.isEmpty { flaws.append("A rule of the needs check has nothing in “then”.") }
            for (code, answers) in rule.when.sorted(by: { $0.key < $1.key }) {
                guard let question = Question(rawValue: code) else {
                    flaws.append("A rule of the needs check asks for “\(code)”, which is no question.")
                    continue
                }
                for answer in answers where !question.answers.contains(answer) {
                    flaws.append(
                        "There is no answer “\(answer)” to “\(code)”; there are \(list(question.answers)).")
                }
            }
            for code in rule.then where Consequence(rawValue: code) == nil {
                flaws.append("Nothing is called “\(code)”; there are \(list(Consequence.allCases.map(\.rawValue))).")
            }
        }
        return flaws
    }
}

extension Policy {
    /// What people are asked, by this policy.
    package var needs: NeedsRules { needsCheck ?? NeedsRules() }
}
