import Testing

@testable import Screening

@Suite("Files of rules")
struct RuleFileTests {
    private func book(_ text: String) throws -> RuleBook {
        var file = RuleFile(language: .english)
        try file.read(text, named: "en/x.txt")
        return RuleBook([file], version: "x")
    }

    private func finds(_ pattern: String, _ text: String, bounds: String = "not") throws -> Bool {
        let rules = "bounds\n  \(bounds)\nlist kin\n  aunt|old uncle\n  cousin\nrule r abuse\n  \(pattern)\n"
        return try book(rules).verdict(of: text) != .none
    }

    @Test(
        "A pattern finds what it says",
        arguments: [
            ("a b", "A, b", false), ("a b", "x a b y", true), ("a b", "a x b", false), ("a b", "a. b", false),
            ("a b | c d", "c d", true), ("a b|c", "a d", false), ("a b|c", "x c", true),
            ("a (b|c d) e", "a c d e", true),
            ("a [b|c d] e", "a e", true), ("a [b] e", "a b e", true), ("a ..2 e", "a b c e", true),
            ("a ..2 e", "a b c d e", false), ("a ..2 e", "a, e", false), ("a ,..2 e", "a, b, e", true),
            ("a , e", "a, e", true), ("a , e", "a e", true), ("a ..2 e", "a not e", false), ("a _ e", "a b e", true),
            ("a _ e", "a e", false), ("a sing* b", "a singing b", true), ("a sing* b", "a sin b", false),
            ("my @kin", "my old uncle", true), ("my @kin", "my cousin", true), ("my @kin", "my old aunt", false),
            ("for # years", "for 12 years", true), ("for # years", "for ٣ years", true), ("do lol", "do hahaha", true)
        ])
    func patterns(pattern: String, text: String, isFound: Bool) throws {
        #expect(try finds(pattern, text) == isFound, "\(pattern) in \(text)")
    }

    @Test("What is harmless covers what is found in it, and what it takes up, but not what is longer")
    func harmless() throws {
        let book = try book(
            """
            rule r abuse
              b c
              x b c d
            harmless h
              a b c
              c e
              b c
            """)
        #expect(book.verdict(of: "b c") != .none)
        #expect(book.verdict(of: "a b c") == .none)
        #expect(book.verdict(of: "b c e") == .none)
        #expect(book.verdict(of: "a x b c d") != .none)
        #expect(book.verdict(of: "a b c, b c") != .none, "one harmless phrase does not excuse another")
    }

    @Test("Long words that were chosen are recognized with one slip")
    func slips() throws {
        let book = try book("forgiving\n  overdose\nrule r overdose\n  an overdose\n")
        for text in ["an overdose", "an ovedose", "an overdoose", "an overdsoe", "an overdase", "an overdoseeee"] {
            #expect(book.verdict(of: text) != .none, "\(text)")
        }
        for text in ["an overdue", "an overdoing", "an dose"] { #expect(book.verdict(of: text) == .none, "\(text)") }
    }

    @Test(
        "A mistake is named with file and line",
        arguments: [
            ("rule r abuse\n  a (b", "opens a bracket"), ("rule r abuse\n  a b)", "closes a bracket"),
            ("rule r abuse\n  @none", "is no list"), ("rule r nonsense\n", "no kind nonsense"),
            ("rules r\n", "begins no block"), ("  a b\n", "before the first block"),
            ("rule r abuse\n  a ..0 b", "gap of no size"), ("rule r abuse\n  a b?", "nobody can write"),
            ("rule r abuse\n  a (|b)", "empty choice")
        ])
    func faults(text: String, reason: String) {
        do {
            _ = try book("// a remark\n" + text)
            Issue.record("\(text) was taken")
        } catch let fault as RuleFault {
            #expect(fault.reason.contains(reason) && fault.line == (text.contains("\n  ") ? 3 : 2), "\(fault)")
        } catch {
            Issue.record("\(error)")
        }
    }
}
