import Foundation
import Storage
import Web

/// One thing that makes a referral urgent.
package struct UrgencyRule: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A word, or several in a row, in the reason; small and capital letters count the same.
        case word
        /// A topic that support should be about, by its code.
        case topic
        /// The door it came by: `partner`, `referrer` or `self`.
        case origin
    }

    package let kind: Kind
    package let value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// Doors a rule may name.
    static let origins = ["partner", "referrer", "self"]
}

extension Policy {
    /// Whether what a referral says makes it urgent by the rules of this policy.
    /// - Parameters:
    ///   - reason: as its sender wrote it.
    ///   - topics: codes of what support should be about.
    ///   - origin: the door it came by.
    package func isUrgent(reason: String, topics: [String], origin: String) -> Bool {
        guard !urgentWhen.isEmpty else { return false }
        let said = Self.spaced(reason)
        return urgentWhen.contains { rule in
            switch rule.kind {
            case .word: said.contains(Self.spaced(rule.value))
            case .topic: topics.contains(rule.value)
            case .origin: origin == rule.value
            }
        }
    }

    /// Lower-case words with one space around each, so that “son” is not found in “person”.
    private static func spaced(_ text: String) -> String {
        " " + text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
    }

    /// What keeps this policy from working, in sentences for whoever wrote it; empty when it will do.
    package var flaws: [String] {
        var flaws: [String] = []
        for (queue, hours) in clockHours.sorted(by: { $0.key < $1.key }) {
            if Self.usualClocks[queue] == nil {
                flaws.append(
                    "There is no queue “\(queue)”; there are \(Self.usualClocks.keys.sorted().joined(separator: ", "))."
                )
            } else if hours.routine < 1 || hours.urgent < 1 {
                flaws.append("The hours of “\(queue)” must be at least 1.")
            } else if hours.urgent > hours.routine {
                flaws.append("In “\(queue)” the urgent ones have more time than the others.")
            }
        }
        for (name, hours) in [("openingHours", openingHours), ("openingReviewHours", openingReviewHours)] {
            if let hours, !(1...720).contains(hours) { flaws.append("“\(name)” must be between 1 and 720.") }
        }
        if declineReasons.isEmpty { flaws.append("There must be at least one reason to decline.") }
        for reason in declineReasons
        where !Self.usualDeclineReasons.contains(reason) && (declineWords[reason] ?? "").trimmed.isEmpty {
            flaws.append("The reason to decline “\(reason)” needs words in “declineWords”.")
        }
        for rule in urgentWhen {
            if Self.spaced(rule.value).trimmed.isEmpty {
                flaws.append("A rule in “urgentWhen” has nothing in “value”.")
            } else if rule.kind == .origin, !UrgencyRule.origins.contains(rule.value) {
                flaws.append(
                    "There is no origin “\(rule.value)”; there are \(UrgencyRule.origins.joined(separator: ", ")).")
            }
        }
        return flaws + (needsCheck?.flaws ?? [])
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension Program {
    /// The program as one of several to choose from: what it offers, and for whom.
    package func option(_ policies: [ID: PublishedPolicy]) -> Field.Option {
        let hint = [summary, policies[id]?.policy.eligibility ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return Field.Option(id.text, name, hint: hint)
    }
}
