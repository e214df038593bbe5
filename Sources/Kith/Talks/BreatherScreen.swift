import Storage
import Web

/// What follows when something was heavy: time without anybody new, and a talk for whoever would like one. The
/// supporter's own, and nobody else's.
struct BreatherScreen: Screen {
    static let template = "talks/breather"

    let breather: Breather?
    let talk: Talk?
    let choices: [Talk.Choice]

    init(in db: Reading) throws {
        breather = try Breather.mine(in: db)
        talk = try Talk.mine(in: db)
        choices = try Talk.choices(in: db)
    }

    func title(_ words: Words) -> String { words("breather.title") }

    func shown(_ words: Words) -> Value {
        [
            "until": breather.map { .text(words("breather.until", ["day": words.day($0.endsAt)])) } ?? .nothing,
            "again": .flag(breather?.isOfToday(words) == false),
            "talk": talk.map { asked($0, words) } ?? .nothing,
            "offer": .flag(talk == nil && !choices.isEmpty && breather?.isAnswered != true),
            "nobody": .flag(talk == nil && choices.isEmpty),
            "later": .flag(talk == nil && !choices.isEmpty && breather?.isAnswered == true),
            "choices": .list(choices.map { $0.shown(amongSeveral: choices.count > 1, words) })
        ]
    }

    private func asked(_ talk: Talk, _ words: Words) -> Value {
        let people = choices.first { $0.program == talk.program }?.supervisors ?? []
        return [
            "asked": .text(words("breather.talk.asked", ["when": words.ago(talk.askedAt)])),
            "who": .text(
                people.isEmpty
                    ? words("breather.talk.nobody-now")
                    : words("breather.talk.who", ["names": words.list(people)])),
            "late": .flag(talk.due < words.now)
        ]
    }
}

extension Breather {
    /// Whether another tap would change nothing.
    func isOfToday(_ words: Words) -> Bool { words.day(of: since) == words.day(of: words.now) }
}

extension Talk.Choice {
    /// The button that asks for it.
    func shown(amongSeveral: Bool, _ words: Words) -> Value {
        [
            "program": .text(program.text),
            "text": .text(
                words(
                    amongSeveral ? "breather.talk.ask-in" : "breather.talk.ask",
                    ["names": words.list(supervisors), "program": name]))
        ]
    }
}
