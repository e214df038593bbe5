import Hummingbird
import Web

extension Goal {
    private enum YesOrNo: String, CaseIterable { case yes, no }

    static let routes: [Route] = writing + steps + sharing

    private static func words(_ form: Form, max: Int, lines: Bool, required: Bool = true) throws -> String {
        try form.read { $0.text("words", required: required, max: max, multiline: lines) }
    }

    private static let writing: [Route] = [
        .get("/goals", .signedIn) { visit in try await visit.show { try GoalsScreen(in: $0) } },
        .get("/goals/strengths", .signedIn) { visit in
            try await visit.show { try GoalWordsScreen(.strengths, in: $0) }
        },
        .post("/goals/strengths", .signedIn) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let text = try words(form, max: GoalList.longest, lines: true, required: false)
                try await visit.write { db in
                    let edition = GoalWordsScreen.edition(of: try GoalList.mine(in: db).strengths?.words)
                    try edition.check(form, saving: ["words": [text]])
                    guard !edition.isKept(["words": [text]]) else { return }
                    try GoalList.keep(strengths: text, in: db)
                }
            } next: {
                "/goals"
            } again: {
                try GoalWordsScreen(.strengths, form, $0, in: $1)
            }
        }.taking(Edition.field, "words"),
        .get("/goals/new", .signedIn) { visit in try await visit.show { try GoalWordsScreen(.newGoal, in: $0) } },
        .post("/goals", .signedIn) { visit in
            let form = try await visit.form()
            let once = form["once"].flatMap { ID(untrusted: $0) }
            return try await visit.submit {
                let text = try words(form, max: longest, lines: true)
                try await visit.write { try add(text, as: once ?? $0.newID(), in: $0) }
            } next: {
                "/goals"
            } again: {
                try GoalWordsScreen(.newGoal, form, $0, in: $1)
            }
        }.taking("once", "words"),
        .get("/goals/{id}", .signedIn) { visit in
            let id = try visit.id(of: Goal.self)
            return try await visit.show { try GoalWordsScreen(.goal(own(id, in: $0)), in: $0) }
        },
        .post("/goals/{id}", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Goal.self), try await visit.form())
            return try await visit.submit {
                let text = try words(form, max: longest, lines: true)
                try await visit.write { db in
                    let goal = try own(id, in: db)
                    try GoalWordsScreen.edition(of: goal.words).check(form, saving: ["words": [text]])
                    try goal.change(to: text, in: db)
                }
            } next: {
                "/goals"
            } again: {
                try GoalWordsScreen(.goal(own(id, in: $1)), form, $0, in: $1)
            }
        }.taking(Edition.field, "words"),
        .post("/goals/{id}/state", .signedIn) { visit in
            let id = try visit.id(of: Goal.self)
            let state = try await visit.form().read { $0.choice("state", of: State.self) }
            try await visit.write { try own(id, in: $0).set(state, in: $0) }
            return .seeOther("/goals")
        }.taking("state"),
        // Named in the form, so that a second click finds nothing and there is nothing to say about it.
        .post("/goals/deletion", .signedIn) { visit in
            let id = try await visit.form()["goal"].flatMap { ID(untrusted: $0) }
            guard let id else { throw Problem.notFound }
            try await visit.write { try delete(id, in: $0) }
            return .seeOther("/goals")
        }.taking("goal")
    ]

    private static let steps: [Route] = [
        .get("/goals/{id}/steps/new", .signedIn) { visit in
            let id = try visit.id(of: Goal.self)
            return try await visit.show { try GoalWordsScreen(.newStep(of: own(id, in: $0)), in: $0) }
        },
        .post("/goals/{id}/steps", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Goal.self), try await visit.form())
            let once = form["once"].flatMap { Step.ID(untrusted: $0) }
            return try await visit.submit {
                let text = try words(form, max: Step.longest, lines: false)
                try await visit.write { try Step.add(text, as: once ?? $0.newID(), to: id, in: $0) }
            } next: {
                "/goals"
            } again: {
                try GoalWordsScreen(.newStep(of: own(id, in: $1)), form, $0, in: $1)
            }
        }.taking("once", "words"),
        .get("/steps/{id}", .signedIn) { visit in
            let id = try visit.id(of: Step.self)
            return try await visit.show { try GoalWordsScreen(.step(Step.own(id, in: $0).step), in: $0) }
        },
        .post("/steps/{id}", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Step.self), try await visit.form())
            return try await visit.submit {
                let text = try words(form, max: Step.longest, lines: false)
                try await visit.write { db in
                    let step = try Step.own(id, in: db).step
                    try GoalWordsScreen.edition(of: step.words).check(form, saving: ["words": [text]])
                    try step.change(to: text, in: db)
                }
            } next: {
                "/goals"
            } again: {
                try GoalWordsScreen(.step(Step.own(id, in: $1).step), form, $0, in: $1)
            }
        }.taking(Edition.field, "words"),
        .post("/steps/{id}/done", .signedIn) { visit in
            let id = try visit.id(of: Step.self)
            let isDone = try await visit.form().read { $0.choice("done", of: YesOrNo.self) } == .yes
            try await visit.write { try Step.own(id, in: $0).step.set(done: isDone, in: $0) }
            return .seeOther("/goals")
        }.taking("done"),
        .get("/steps/{id}/reminder", .signedIn) { visit in
            let id = try visit.id(of: Step.self)
            return try await visit.show { try ReminderScreen(id, in: $0) }
        },
        .post("/steps/{id}/reminder", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Step.self), try await visit.form())
            return try await visit.submit {
                try await visit.write { db in
                    let clock = LocalClock(zone: try zone(of: db.me, in: db.organization, db))
                    let reminder = try ReminderScreen.read(form, today: clock.day(of: db.now))
                    try Step.own(id, in: db).step.remind(reminder, in: db)
                }
            } next: {
                "/goals"
            } again: {
                try ReminderScreen(id, form, $0, in: $1)
            }
        }.taking("date", "time", "weekdays", "when"),
        .post("/steps/{id}/reminder/ending", .signedIn) { visit in
            let id = try visit.id(of: Step.self)
            _ = try await visit.form()
            try await visit.write { try Step.own(id, in: $0).step.remind(nil, in: $0) }
            return .seeOther("/goals")
        }.taking(),
        .post("/steps/deletion", .signedIn) { visit in
            let id = try await visit.form()["step"].flatMap { Step.ID(untrusted: $0) }
            guard let id else { throw Problem.notFound }
            try await visit.write { try Step.delete(id, in: $0) }
            return .seeOther("/goals")
        }.taking("step")
    ]

    private static let sharing: [Route] = [
        .get("/matches/{id}/goals", .role(.supporter)) { visit in
            let match = try visit.id(of: Match.self)
            return try await visit.show { try SharedGoalsScreen(match, in: $0) }
        },
        .post("/matches/{id}/goals", .signedIn) { visit in
            let match = try visit.id(of: Match.self)
            let isShared = try await visit.form().read { $0.choice("share", of: YesOrNo.self) } == .yes
            try await visit.write { try GoalList.share(isShared, by: match, in: $0) }
            return .seeOther("/goals")
        }.taking("share")
    ]
}
