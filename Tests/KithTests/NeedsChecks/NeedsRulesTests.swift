import Foundation
import Kith
import KithTestSupport
import Testing

@Suite("What follows from what people say about how they are")
struct NeedsRulesTests {
    typealias Question = NeedsRules.Question
    typealias Consequence = NeedsRules.Consequence

    /// Every way to answer, with every question skipped or not: 4 to the power of 5.
    static let everything: [[Question: String]] = Question.allCases.reduce([[:]]) { all, question in
        all.flatMap { so in [so] + question.answers.map { so.merging([question: $0]) { $1 } } }
    }

    @Test(
        "The usual rules, one by one",
        arguments: [
            ([:], []), ([.safe: "yes", .soon: "wait", .days: "well", .leanOn: "yes", .health: "no"], []),
            ([.safe: "no"], [.people, .numbers, .sooner]), ([.safe: "unsure"], [.numbers, .sooner]),
            ([.soon: "today"], [.sooner]), ([.soon: "week"], []), ([.days: "hard"], []),
            ([.days: "hard", .leanOn: "nobody"], [.sooner]), ([.days: "hard", .leanOn: "sometimes"], []),
            ([.leanOn: "nobody"], []), ([.days: "not-at-all"], [.sooner, .clinic]), ([.health: "unsure"], []),
            ([.health: "yes"], [.sooner, .clinic])
        ] as [([Question: String], Set<Consequence>)])
    func usual(answers: [Question: String], follows: Set<Consequence>) {
        #expect(Set(NeedsRules().consequences(of: answers).keys) == follows)
    }

    @Test("Whatever a program writes, whoever does not feel safe is shown help, and people are called")
    func firm() {
        #expect(Self.everything.count == 1_024)
        let none = NeedsRules(questions: [.safe], rules: [])
        let never = NeedsRules(rules: [.init([.safe: ["yes"]], [.clinic])])
        for rules in [NeedsRules(), none, never] {
            for answers in Self.everything {
                let follows = rules.consequences(of: answers)
                #expect((follows[.people] != nil) == (answers[.safe] == "no"))
                if let safe = answers[.safe], safe != "yes" {
                    #expect(follows[.numbers] != nil && follows[.sooner] != nil, "\(answers)")
                }
            }
        }
    }

    @Test("Each consequence names the answers that led to it, and they alone lead to it")
    func reasons() {
        for answers in Self.everything {
            for (consequence, because) in NeedsRules().consequences(of: answers) {
                #expect(!because.isEmpty && because.isSubset(of: answers.keys))
                let alone = NeedsRules().consequences(of: answers.filter { because.contains($0.key) })
                #expect(alone[consequence] == because, "\(answers)")
            }
        }
    }

    @Test("To say more takes nothing away")
    func more() {
        for answers in Self.everything {
            let all = Set(NeedsRules().consequences(of: answers).keys)
            for question in answers.keys {
                let fewer = NeedsRules().consequences(of: answers.filter { $0.key != question })
                #expect(all.isSuperset(of: fewer.keys), "\(answers)")
            }
        }
    }

    @Test(
        "Rules that cannot work are told in sentences",
        arguments: [
            (#"{}"#, 0), (#"{"questions": []}"#, 0), (#"{"questions": ["safe", "health"]}"#, 0),
            (#"{"questions": ["health"]}"#, 1), (#"{"questions": ["safe", "mood"]}"#, 1),
            (#"{"rules": [{"when": {"soon": ["today"]}, "then": ["sooner"]}]}"#, 0),
            (#"{"rules": [{"when": {}, "then": ["sooner"]}]}"#, 1),
            (#"{"rules": [{"when": {"soon": ["now"]}, "then": ["sooner"]}]}"#, 1),
            (#"{"rules": [{"when": {"mood": ["low"]}, "then": ["sooner"]}]}"#, 1),
            (#"{"rules": [{"when": {"soon": ["today"]}, "then": ["hospital"]}]}"#, 1),
            (#"{"rules": [{"when": {"soon": ["today"]}, "then": []}]}"#, 1)
        ])
    func flaws(json: String, count: Int) throws {
        var policy = Policy()
        policy.needsCheck = try JSONDecoder().decode(NeedsRules.self, from: Data(json.utf8))
        #expect(policy.flaws.count == count, "\(policy.flaws)")
    }

    @Test("A policy of before asks the usual questions, and what is written comes back")
    func stored() throws {
        #expect(Policy().needs == NeedsRules())
        var policy = Policy()
        policy.needsCheck = NeedsRules(questions: [.safe, .soon], rules: [.init([.soon: ["week"]], [.sooner])])
        let read = try JSONDecoder().decode(Policy.self, from: JSONEncoder().encode(policy))
        #expect(read == policy && read.needs.asked == [.safe, .soon])
    }
}
