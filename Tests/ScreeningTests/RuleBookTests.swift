import Foundation
import Testing

@testable import Screening

extension RuleBook {
    /// Read once for all tests.
    static let shared = Result { try RuleBook.bundled() }

    func rule(for text: String) -> String? {
        if case .worry(let worry) = verdict(of: text) { worry.rule } else { nil }
    }
}

@Suite("Rules of worry detection")
struct RuleBookTests {
    private let book: RuleBook

    init() throws { book = try RuleBook.shared.get() }

    @Test("Every rule has examples, and finds them")
    func examples() {
        for rule in book.rules {
            #expect(!rule.examples.isEmpty, "\(rule.language.rawValue)/\(rule.name) has no example")
            for example in rule.examples {
                #expect(book.rule(for: example) != nil, "\(rule.language.rawValue)/\(rule.name): \(example)")
            }
            #expect(
                rule.examples.contains { book.rule(for: $0) == rule.name },
                "\(rule.language.rawValue)/\(rule.name) is the reason for none of its examples")
        }
    }

    @Test("Nothing is found in the counterexamples of rules and of what is harmless")
    func counterexamples() {
        for rule in book.rules + book.harmless {
            for text in rule.counterexamples {
                #expect(book.rule(for: text) == nil, "\(rule.language.rawValue)/\(rule.name): \(text)")
            }
        }
    }

    @Test("Every kind has a rule in every language")
    func kinds() {
        for language in Language.allCases {
            let kinds = Set(book.rules.filter { $0.language == language }.compactMap(\.kind))
            #expect(kinds == Set(Kind.allCases), "\(language)")
        }
        #expect(!book.version.isEmpty)
    }

    @Test("A worry says which words it is about, in the text as it was written")
    func range() throws {
        let text = "Hi all. Honestly, I WANT TO DIÉ tonight 💔"
        guard case .worry(let worry) = book.verdict(of: text) else {
            Issue.record("nothing found")
            return
        }
        #expect(text[worry.range].hasPrefix("WANT TO DIÉ") || text[worry.range].hasPrefix("I WANT TO DIÉ"))
        #expect(worry.kind == .suicide && worry.language == .english && worry.version == book.version)
    }

    @Test(
        "However it is spelled",
        arguments: [
            "I dont want to live anymore", "I don’t want to live anymore", "i DON'T want to live anymore",
            "I want to dieeeee", "i wanna die", "i want 2 die", "I feel sucidal", "I’m going to k1ll myself",
            "I want to... die", "I want\u{200B} to die", "ya no quiero vivír", "YA NO QUIERO VIVIR",
            "me quiero morirrrr", "أريد أن أموت", "اريد ان اموت", "أُرِيدُ أَنْ أَمُوتَ", "أريــد أن أمــوت",
            "واريد ان اموت"
        ])
    func spellings(text: String) { #expect(book.verdict(of: text) != .none) }

    @Test("Nothing goes over the end of a sentence, nor over a comma unless a rule says so")
    func borders() {
        #expect(book.verdict(of: "I want to die") != .none)
        #expect(book.verdict(of: "He knows what I want to. Die Hard is on tonight") == .none)
        #expect(book.verdict(of: "No, I want to die") != .none)
        #expect(book.verdict(of: "I don't want to die") == .none)
    }

    @Test("What is quoted counts where it is the writer’s own, or of somebody in danger now")
    func quotations() {
        #expect(book.rule(for: "The song goes \"I want to die\" and then drums") == nil)
        #expect(book.rule(for: "I keep telling him \"I want to die\" and he laughs") != nil)
        #expect(book.rule(for: "My daughter just texted me \"I want to die\"") == "someone-else")
        #expect(book.rule(for: "\"I want to die\"") != nil, "all of it in quotation marks tells nothing apart")
        #expect(book.rule(for: "En la canción dice «quiero morir» y ya") == nil)
        #expect(book.rule(for: "I want to \"end it all\"") != nil, "only a part of it is quoted")
    }

    @Test("What is not a word of any language, or nothing at all, is none")
    func nothing() {
        for text in ["", " ", "\n\n", "🙂🙂", "…", "\"", "'", "\"\"", "死にたくない", "\u{0}\u{1}", "12 34", "‘’“”«»"] {
            #expect(book.verdict(of: text) == .none, "\(text)")
        }
    }
}
