import Storage
import Web

/// What somebody wants to work on: what helps them, each goal with its small steps, and who may read it.
struct GoalsScreen: Screen {
    static let template = "goals/list"

    let list: GoalList
    let readers: [SheetReader]
    let reach: ReminderReach

    init(in db: Reading) throws {
        list = try GoalList.mine(in: db)
        readers = try GoalList.readers(in: db)
        reach = try ReminderReach(in: db)
    }

    func title(_ words: Words) -> String { words("goals.title") }

    func shown(_ words: Words) -> Value {
        let readers = readers.map { reader -> Value in
            [
                "name": .text(reader.name), "path": .text("/matches/\(reader.match)/goals"),
                "reads": .flag(reader.mayRead), "readsNot": .flag(!reader.mayRead)
            ]
        }
        let isReminded = list.goals.flatMap(\.steps).contains { step in
            step.next.map { reach.outlook(at: $0.at) == .never } ?? false
        }
        let rest = list.shown(.reached, nil, words) + list.shown(.aside, nil, words)
        return [
            "none": .flag(list.isEmpty), "strengths": list.shownStrengths(words),
            "open": .list(list.shown(.open, reach, words)),
            "rest": rest.isEmpty ? .nothing : ["goals": .list(rest)],
            "mayAdd": .flag(list.goals.count < Goal.most), "full": .flag(list.goals.count >= Goal.most),
            "unsent": .flag(isReminded),
            "sharing": list.isEmpty || readers.isEmpty ? .nothing : ["readers": .list(readers)]
        ]
    }
}

/// What somebody whom they support wants to work on, as far as that person shares it.
struct SharedGoalsScreen: Screen {
    static let template = "goals/shared"

    let match: Match.ID
    let name: String
    let list: GoalList

    init(_ match: Match.ID, in db: Reading) throws {
        self.match = match
        (name, list) = try GoalList.shared(by: match, in: db)
    }

    /// Without the name, which would stand in the list of what a browser has open.
    func title(_ words: Words) -> String { words("goals.link") }

    func shown(_ words: Words) -> Value {
        let shown = [Goal.State.open, .reached, .aside].flatMap { list.shown($0, nil, words) }
        return [
            "path": .text("/matches/\(match)"), "heading": .text(words("goals.shared.title", ["name": name])),
            "strengths": list.shownStrengths(words), "goals": .list(shown)
        ]
    }
}

/// One question about somebody's goals, in their own words: what helps them, a goal, or a step.
struct GoalWordsScreen: Screen {
    static let template = "goals/words"

    enum Subject: Sendable {
        case strengths, newGoal, goal(Goal), newStep(of: Goal), step(Goal.Step)
    }

    let subject: Subject
    let edition: Edition
    let once: String
    let form: Form
    let errors: FieldErrors

    init(_ subject: Subject, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        self.subject = subject
        let kept: String? =
            switch subject {
            case .strengths: try GoalList.mine(in: db).strengths?.words
            case .goal(let goal): goal.words
            case .step(let step): step.words
            case .newGoal, .newStep: nil
            }
        edition = Self.edition(of: kept)
        form = typed ?? Form(edition.fields)
        once = typed?["once"].flatMap { Goal.ID(untrusted: $0) }?.text ?? db.world.newIdentifier()
        self.errors = errors
    }

    static func edition(of kept: String?) -> Edition { Edition(["words": [kept ?? ""]]) }

    private var key: String {
        switch subject {
        case .strengths: "goals.strengths"
        case .newGoal: "goals.new"
        case .goal: "goals.goal"
        case .newStep: "goals.new-step"
        case .step: "goals.step"
        }
    }

    func title(_ words: Words) -> String { words(key) }

    func shown(_ words: Words) -> Value {
        var field = Field(
            "words", subject.lines > 1 ? .lines(subject.lines) : .line, "\(key).words", hinted: true,
            required: subject.isRequired, in: form, errors, words)
        field.isForOneself = true
        var shown: [String: Value] = [
            "path": .text(subject.path), "about": .nothing, "goal": .nothing, "step": .nothing,
            "once": .nothing, "edition": .nothing
        ]
        switch subject {
        case .strengths: shown["edition"] = .text(edition.mark)
        case .newGoal: shown["once"] = .text(once)
        case .newStep(let goal):
            shown["once"] = .text(once)
            shown["about"] = Value(goal.words)
        case .goal(let goal):
            shown["edition"] = .text(edition.mark)
            shown["goal"] = [
                "id": .text(goal.id.text), "open": .flag(goal.state == .open), "notOpen": .flag(goal.state != .open)
            ]
        case .step(let step):
            shown["edition"] = .text(edition.mark)
            shown["step"] = [
                "id": .text(step.id.text), "reminder": Value(step.isDone ? nil : step.reminder?.said(words)),
                "open": .flag(!step.isDone)
            ]
        }
        return shownForm(edition.beside([field], errors, words)).merging(Fields(shown))
    }
}

extension GoalWordsScreen.Subject {
    fileprivate var lines: Int {
        switch self {
        case .strengths: 5
        case .newGoal, .goal: 3
        case .newStep, .step: 1
        }
    }

    fileprivate var isRequired: Bool { if case .strengths = self { false } else { true } }

    fileprivate var path: String {
        switch self {
        case .strengths: "/goals/strengths"
        case .newGoal: "/goals"
        case .goal(let goal): "/goals/\(goal.id)"
        case .newStep(let goal): "/goals/\(goal.id)/steps"
        case .step(let step): "/steps/\(step.id)"
        }
    }
}
