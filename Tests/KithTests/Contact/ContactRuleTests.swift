import Foundation
import Kith
import KithTestSupport
import Testing

/// What may go out, said once more in another way: as a list of what forbids it.
private struct PlainContactRule {
    let person: Reachability
    let what: Outgoing
    let kind: ContactChannel.Kind
    let moment: Instant

    /// Why this address must not be used, now or at all.
    func objections(to address: String?) -> Set<String> {
        var found: Set<String> = []
        if person.isProhibited { found.insert("prohibited") }
        let lines = person.lines.filter { line in
            line.channel.kind == kind && (address == nil || line.channel.address == address)
        }
        if lines.isEmpty { found.insert("no address") }
        if person.needsConsent, lines.allSatisfy({ !$0.isAgreed }) { found.insert("not agreed") }
        if case .notice(let notice) = what {
            if lines.allSatisfy({ !$0.channel.mayLeaveMessage || person.needsConsent && !$0.isAgreed }) {
                found.insert("leave nothing")
            }
            if ![.invitation, .concern, .drill].contains(notice) {
                if person.preference.unwanted.contains(notice) { found.insert("unwanted") }
                switch person.preference.way {
                case nil: break
                case .email?: if kind != .email { found.insert("other way") }
                case .text?: if kind != .text { found.insert("other way") }
                case ContactPreference.Way.none?: found.insert("other way")
                }
            }
        }
        // Whoever is on call is called at any hour.
        let isCall = [.notice(.concern), .notice(.drill)].contains(what)
        if !isOpen, !isCall { found.insert("hours") }
        return found
    }

    /// By a calendar, not by our own clock.
    private var isOpen: Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: person.preference.timeZone) ?? .gmt
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let (from, until) = (person.preference.hours.from, person.preference.hours.until)
        return from < until ? minute >= from && minute < until : !(minute >= until && minute < from)
    }
}

private typealias Rule = @Sendable (Reachability, Outgoing, ContactChannel.Kind, Instant) -> ContactDecision

/// Somebody, something and a moment, all drawn.
private func draw(_ random: inout SeededGenerator) -> (Reachability, Outgoing, ContactChannel.Kind, Instant) {
    let lines = (0..<Int.random(in: 0...4, using: &random)).map { number in
        Reachability.Line(
            ContactChannel(
                kind: ContactChannel.Kind.allCases.randomElement(using: &random) ?? .email, address: "a\(number)",
                mayLeaveMessage: Bool.random(using: &random)), isAgreed: Bool.random(using: &random))
    }
    let zones = ["America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "Australia/Lord_Howe", "UTC"]
    let hours: [ContactHours] = [
        .usual, .always, ContactHours(from: 22 * 60, until: 6 * 60), ContactHours(from: 90, until: 150),
        ContactHours(from: Int.random(in: 0...700, using: &random), until: Int.random(in: 701...1_440, using: &random))
    ]
    let ways: [ContactPreference.Way?] = [nil, .email, .text, ContactPreference.Way.none]
    let preference = ContactPreference(
        way: ways.randomElement(using: &random) ?? nil, timeZone: zones.randomElement(using: &random) ?? "UTC",
        hours: hours.randomElement(using: &random) ?? .usual,
        unwanted: Set(Notice.allCases.filter { $0.isChosen && UInt8.random(in: 0...3, using: &random) == 0 }))
    let person = Reachability(
        isProhibited: UInt8.random(in: 0...7, using: &random) == 0, needsConsent: Bool.random(using: &random),
        lines: lines, preference: preference)
    let outgoing = Notice.allCases.map(Outgoing.notice) + [.personal]
    // Around both turns of the clocks in 2026, and any other time.
    let turns = [1_772_953_200_000, 1_793_512_800_000, 1_775_318_400_000] as [Int64]
    let moment =
        Bool.random(using: &random)
        ? Int64.random(in: 1_767_225_600_000...1_798_761_600_000, using: &random)
        : (turns.randomElement(using: &random) ?? 0) + Int64.random(in: -14_400_000...14_400_000, using: &random)
    return (
        person, outgoing.randomElement(using: &random) ?? .personal,
        ContactChannel.Kind.allCases.randomElement(using: &random) ?? .email, Instant(milliseconds: moment)
    )
}

/// Draws cases and says how many break a promise, by which objection.
private func violations(of rule: Rule, cases: Int, seed: UInt64) -> [String: Int] {
    var random = SeededGenerator(seed: seed)
    var found: [String: Int] = ["went": 0, "waited": 0]
    for _ in 0..<cases {
        let (person, what, kind, moment) = draw(&random)
        let plain = PlainContactRule(person: person, what: what, kind: kind, moment: moment)
        switch rule(person, what, kind, moment) {
        case .go(let address):
            found["went", default: 0] += 1
            for objection in plain.objections(to: address) { found[objection, default: 0] += 1 }
        case .wait(let until):
            found["waited", default: 0] += 1
            if until <= moment { found["waits for the past", default: 0] += 1 }
            if plain.objections(to: nil) != ["hours"] { found["waits for nothing", default: 0] += 1 }
        case .refuse:
            if plain.objections(to: nil).subtracting(["hours"]).isEmpty { found["refused", default: 0] += 1 }
        }
    }
    return found
}

@Suite("What may go out to somebody")
struct ContactRuleTests {
    private static let real: Rule = { person, what, kind, moment in person.decision(on: what, by: kind, at: moment) }

    @Test("Of 40,000 drawn messages none goes out against what somebody said, and none is held back for nothing")
    func promises() {
        let found = violations(of: Self.real, cases: 40_000, seed: 7)
        #expect(found["went", default: 0] > 1_000 && found["waited", default: 0] > 1_000, "\(found)")
        #expect(found.keys.sorted() == ["waited", "went"], "\(found)")
    }

    /// What each fault makes of a person before the rule is asked.
    private static let faults: [(objection: String, fault: @Sendable (Reachability) -> Reachability)] = [
        ("prohibited", { $0.with(isProhibited: false) }),
        ("not agreed", { $0.with(needsConsent: false) }),
        (
            "leave nothing",
            { person in
                person.with(
                    lines: person.lines.map { line in
                        let channel = line.channel
                        return Reachability.Line(
                            ContactChannel(kind: channel.kind, address: channel.address, mayLeaveMessage: true),
                            isAgreed: line.isAgreed)
                    })
            }
        ),
        ("hours", { $0.with { $0.hours = .always } }), ("hours", { $0.with { $0.timeZone = "UTC" } }),
        ("unwanted", { $0.with { $0.unwanted = [] } }), ("other way", { $0.with { $0.way = nil } })
    ]

    @Test("Each planted fault is noticed", arguments: faults.indices)
    func planted(number: Int) {
        let (objection, fault) = Self.faults[number]
        let found = violations(
            of: { person, what, kind, moment in Self.real(fault(person), what, kind, moment) }, cases: 4_000, seed: 7)
        #expect(found[objection, default: 0] > 0, "\(found)")
    }

    @Test("Whoever may not be reached at night waits until the morning, by their own clock")
    func night() throws {
        let person = Reachability(
            isProhibited: false, needsConsent: false,
            lines: [
                .init(ContactChannel(kind: .email, address: "c@example.org", mayLeaveMessage: true), isAgreed: true)
            ], preference: ContactPreference(timeZone: "America/Los_Angeles"))
        // Eight in the evening in New York is five in Los Angeles.
        let evening = try #require(Instant("2026-03-03T01:00:00Z"))
        #expect(person.decision(on: .notice(.message), by: .email, at: evening) == .go(to: "c@example.org"))
        let night = evening.adding(hours: 5)
        let morning = try #require(Instant("2026-03-03T17:00:00Z"))
        #expect(person.decision(on: .notice(.message), by: .email, at: night) == .wait(until: morning))
    }
}

extension Reachability {
    fileprivate func with(
        isProhibited: Bool? = nil, needsConsent: Bool? = nil, lines: [Line]? = nil,
        preference change: (inout ContactPreference) -> Void = { _ in }
    ) -> Reachability {
        var preference = preference
        change(&preference)
        return Reachability(
            isProhibited: isProhibited ?? self.isProhibited, needsConsent: needsConsent ?? self.needsConsent,
            lines: lines ?? self.lines, preference: preference, language: language)
    }
}
