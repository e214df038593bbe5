import Storage
import Web

/// The house rules of a program, for whoever belongs to it: what they say, what is new, and a yes where they have not said
/// it yet; for those who run the program, a form for the next version.
struct HouseRulesScreen: Screen {
    static let template = "moderation/house-rules"

    let program: Program
    let rules: HouseRules?
    let accepted: Int?
    let publishes: Bool
    /// Where to go on once they are accepted.
    let conversation: Conversation.ID?
    let form: Form
    let errors: FieldErrors

    init(
        _ id: Program.ID, from conversation: Conversation.ID? = nil, _ form: Form? = nil,
        _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        guard db.actor.roles.contains(where: { $0.program == id }) else { throw Problem.notFound }
        program = try Program.find(id, in: db)
        rules = try HouseRules.current(of: id, in: db)
        accepted = try HouseRules.accepted(of: id, in: db)
        publishes = HouseRules.publishers.contains { db.actor.has($0, in: id) }
        self.conversation = conversation
        self.form = form ?? Form(rules?.fields ?? [:])
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("house-rules.title") }

    func shown(_ words: Words) -> Value {
        let isNew = rules.map { $0.version != accepted } ?? false
        return [
            "program": .text(program.name), "path": .text("/programs/\(program.id)/house-rules"),
            "conversation": Value(conversation?.text),
            "rules": .list(
                (rules?.rules ?? []).map { rule in
                    [
                        "number": .number(rule.number), "title": .text(rule.title),
                        "paragraphs": .list(rule.body.split(separator: "\n").map { .text($0.trimmed) })
                    ]
                }),
            "none": .flag(rules == nil), "version": .number(rules?.version ?? 0),
            "since": rules.map {
                .text(words("house-rules.since", ["version": "\($0.version)", "day": words.day($0.publishedAt)]))
            } ?? .nothing,
            "changed": rules.map { $0.version > 1 || publishes ? .text($0.changed) : .nothing } ?? .nothing,
            "held": rules.map { $0.firstHeld > 0 ? .text(words("house-rules.held", count: $0.firstHeld)) : .nothing }
                ?? .nothing,
            "accept": .flag(isNew), "accepted": .flag(rules != nil && !isNew),
            "publish": publishes ? publishing(words) : .nothing, "invalid": .flag(!errors.isEmpty)
        ]
    }

    private func publishing(_ words: Words) -> Value {
        let edition = Edition(rules?.fields ?? [:])
        let fields = [
            Field("rules", .lines(14), "house-rules.text", hinted: true, required: true, in: form, errors, words),
            Field("changed", .lines(3), "house-rules.changed", hinted: true, required: true, in: form, errors, words),
            Field("first-held", .number, "house-rules.first-held", hinted: true, in: form, errors, words)
        ]
        return [
            "fields": shownForm(edition.beside(fields, errors, words)), "edition": .text(edition.mark)
        ]
    }
}

extension HouseRules {
    /// As the form has it; why something changed is said anew each time.
    var fields: [String: [String]] { ["rules": [Self.text(of: rules)], "first-held": ["\(firstHeld)"]] }
}
