import Foundation
import Kith
import Storage

/// What changes about the rule for some roles; what is not given stays.
struct SignInRuleChange: Codable, Sendable {
    var roles: [String]
    var needsSecondFactor: Bool?
    var hours: Int?
    /// Minutes, or nothing for none.
    var idle: String?
}

extension Order.Bench {
    func showSignInRules(_ aim: Order.Aim) async throws -> Order.Outcome {
        let house = try await house(aim)
        let rules = try await read(house) { try SignInRule.all(of: house, in: $0) }
        return Order.Outcome(output: rules.map { $0.line + "\n" }.joined())
    }

    func setSignInRule(_ aim: Order.Aim, _ change: SignInRuleChange) async throws -> Order.Outcome {
        let house = try await house(aim)
        let roles = try change.roles.map { try Self.role($0) }
        guard !roles.isEmpty else { throw OpenError("For which role? --role may be given several times.") }
        var idle: Int?? = .none
        if let text = change.idle {
            guard text == "none" || Int(text) != nil else { throw OpenError("--idle takes minutes, or none.") }
            idle = .some(Int(text))
        }
        let minutes = idle
        do {
            let rules = try await write(house) { db in
                var rules = try SignInRule.all(of: house, in: db).filter { roles.contains($0.role) }
                for index in rules.indices {
                    if let needed = change.needsSecondFactor { rules[index].needsSecondFactor = needed }
                    if let hours = change.hours { rules[index].limits.hours = hours }
                    if let minutes { rules[index].limits.idleMinutes = minutes }
                    try SignInRule.set(rules[index], in: db)
                }
                return rules
            }
            return Order.Outcome(
                output: rules.map { $0.line + "\n" }.joined(),
                error: "How long somebody stays signed in counts from their next sign-in.")
        } catch Problem.invalid {
            throw OpenError("A session lasts 1 to 2160 hours, and may be quiet for 5 to 1440 minutes.")
        }
    }

    /// For somebody who lost their phone and their list of codes.
    func resetSecondFactor(_ aim: Order.Aim, _ person: String) async throws -> Order.Outcome {
        let house = try await house(aim)
        let found = try await self.person(person, of: house)
        do {
            try await write(house) { try SecondFactor.reset(of: found.id, in: $0) }
        } catch Problem.conflict {
            throw OpenError("\(found.name) has no second factor.")
        }
        return Order.Outcome(output: "\(found.name) signs in with their password alone until they set up a new one.\n")
    }
}

extension SignInRule {
    fileprivate var line: String {
        let quiet = limits.idleMinutes.map { ", quiet for at most \($0) minutes" } ?? ""
        let second = needsSecondFactor ? "second factor required" : "second factor optional"
        return "\(role.rawValue): \(second), signed in for at most \(limits.hours) hours\(quiet)"
    }
}
