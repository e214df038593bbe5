import Storage
import Web

/// What to say on the first call, step by step: what to do in the words of whoever calls, what to say in the language of
/// whoever is called.
struct CallScript: Sendable {
    /// In the language of the person, or in English where Kith has no words in theirs.
    let spoken: Strings
    /// The person's language.
    let language: String
    /// Whether Kith speaks it.
    let isTheirs: Bool
    let name: String
    let program: String
    /// What to say to anybody else, as the organization chose it.
    let caller: String
    /// The telephones that may be called.
    let phones: [ContactChannel]
    /// When they like to be reached, where they said.
    let hours: ContactPreference?

    private enum Machine: String { case leave = "may-leave", nothing = "leave-nothing", some = "may-leave-some" }

    /// What may be left on a machine; where it is not the same for each number, the number says.
    private var machine: Machine {
        switch Set(phones.map(\.mayLeaveMessage)) {
        case [true]: .leave
        case [false]: .nothing
        default: .some
        }
    }

    func shown(_ words: Words) -> Value {
        func say(_ key: String) -> String { spoken("call.say.\(key)", ["name": name, "program": program]) }
        func step(_ key: String, _ lines: [String], then: String? = nil, _ sayThen: [String] = []) -> Value {
            [
                "do": .text(words("call.do.\(key)")), "say": said(lines),
                "then": Value(then.map { words("call.do.\($0)") }), "sayThen": said(sayThen)
            ]
        }
        let isSaid = machine != .nothing
        return [
            "language": .text(spoken.locale),
            "inEnglish": isTheirs
                ? .nothing : .text(words("call.no-words", ["language": words.language(language)])),
            "facts": .list(facts(words)),
            "steps": .list([
                step("before", []),
                step("other", [caller], then: machine.rawValue, isSaid ? [caller] : []),
                step("safe", [say("moment"), say("alone")], then: "not-now", [say("later")]),
                step("why", [say("why")]),
                step("what", [say("is"), say("is-not")]),
                step("consent", [say("choice"), say("read")]),
                step("next", [say("next"), say("stop")]),
                step("urgent", [say("urgent")])
            ])
        ]
    }

    private func said(_ lines: [String]) -> Value { lines.isEmpty ? .nothing : ["lines": .list(lines.map(Value.text))] }

    /// By which number, when, in which language, and what may be left.
    private func facts(_ words: Words) -> [Value] {
        var facts: [(String, String)] = phones.map { phone in
            let leave = words(phone.mayLeaveMessage ? "channels.may-leave" : "channels.leave-nothing")
            let parts = [words.apart(phone.address), leave, phone.hours].compactMap(\.self)
            return ("number", parts.joined(separator: " · "))
        }
        if let hours {
            let (from, until) = (hours.hours.from % 1_440, hours.hours.until % 1_440)
            let place = hours.timeZone.split(separator: "/").last.map(String.init) ?? hours.timeZone
            let said = [
                "from": "\(TimeOfDay(minutes: from))", "until": "\(TimeOfDay(minutes: until))",
                "zone": place.replacing("_", with: " ")
            ]
            facts.append(("hours", words("call.from-until", said)))
        }
        facts.append(("language", words.language(language)))
        return facts.map { ["label": .text(words("call.fact.\($0.0)")), "value": .text($0.1)] }
    }
}

extension ReferralScreen {
    /// nil where nobody is to be called, or no number is known.
    var call: CallScript? {
        guard let translations, mayTryContact, !refused.contains(.phone) else { return nil }
        let phones = channels.filter { $0.kind == .phone }
        guard !phones.isEmpty else { return nil }
        let isTheirs = translations.locales.contains(names.language)
        let spoken = translations[names.language]
        return CallScript(
            spoken: spoken, language: names.language, isTheirs: isTheirs, name: names.called ?? names.person,
            program: names.program, caller: names.caller ?? spoken("neutral-names.usual-caller"), phones: phones,
            hours: hours)
    }

    /// When they like to be reached; nil where nobody said.
    static func hours(of referral: Referral, _ db: Reading) throws -> ContactPreference? {
        try db.first(
            """
            SELECT o.time_zone AS house_zone, c.way, c.time_zone, c.hours_from, c.hours_until, c.unwanted
            FROM contact_preference c JOIN organization o ON o.id = c.organization_id
            WHERE c.organization_id = \(referral.organization) AND c.person_id = \(referral.person)
            """, ContactPreference.init(row:))
    }
}

/// The same on a page of its own, to be printed.
struct CallScreen: Screen {
    static let template = "referrals/call"

    let referral: Referral.ID
    let script: CallScript
    let isLarge: Bool

    /// - Throws: ``Problem/conflict(_:)`` with `referral.no-call` where nobody is to be called.
    init(_ id: Referral.ID, in translations: Translations, isLarge: Bool, db: Reading) throws {
        let screen = try ReferralScreen(id, in: translations, db)
        guard let script = screen.call else { throw Problem.conflict("referral.no-call") }
        (referral, self.script, self.isLarge) = (id, script, isLarge)
    }

    /// Says nothing of whom it is about.
    func title(_ words: Words) -> String { words("call.title") }

    func shown(_ words: Words) -> Value {
        [
            "call": script.shown(words), "large": .flag(isLarge),
            "printed": .text(words("papers.printed", ["day": words.dayAndYear(words.now)])),
            "backPath": .text("/referrals/\(referral)"), "herePath": .text("/referrals/\(referral)/call")
        ]
    }
}
