import Kith
import KithTestSupport
import Storage

/// What Cleo wants to work on: something with a small step, and something else with another.
struct GoalThings: Sendable {
    let goal: Goal.ID
    let step: Goal.Step.ID
    let other: Goal.ID
    let otherStep: Goal.Step.ID
}

extension Village {
    /// Somebody writes down what they want to work on, with one small step.
    @discardableResult
    func goal(
        _ words: String = "Sleep through the night", step: String = "No phone after nine", as neighbor: Neighbor? = nil
    ) async throws -> (goal: Goal.ID, step: Goal.Step.ID) {
        try await write(as: neighbor ?? cleo) { db in
            let (goal, small): (Goal.ID, Goal.Step.ID) = (db.newID(), db.newID())
            try Goal.add(words, as: goal, in: db)
            try Goal.Step.add(step, as: small, to: goal, in: db)
            return (goal, small)
        }
    }

    /// Cleo's goals and her story, both of which the supporter of a match may read.
    func ownWords(sharedBy match: Match.ID) async throws -> GoalThings {
        let (first, second) = (try await goal(), try await goal("Walk again", step: "To the gate"))
        try await write(as: cleo) { db in
            try GoalList.keep(strengths: "My sister", in: db)
            try GoalList.share(true, by: match, in: db)
            try Goal.Step.own(second.step, in: db).step.remind(.init(.weekly([0, 3]), minutes: 600), in: db)
            try StorySheet([.life: "The long winter", .note: "Loss"]).keep(in: db)
            try StorySheet.share(true, by: match, in: db)
        }
        return GoalThings(goal: first.goal, step: first.step, other: second.goal, otherStep: second.step)
    }

    /// Sets a reminder, or switches it off.
    func remind(_ step: Goal.Step.ID, _ reminder: Goal.Reminder?, as neighbor: Neighbor? = nil) async throws {
        try await write(as: neighbor ?? cleo) { try Goal.Step.own(step, in: $0).step.remind(reminder, in: $0) }
    }

    func set(_ step: Goal.Step.ID, done: Bool, as neighbor: Neighbor? = nil) async throws {
        try await write(as: neighbor ?? cleo) { try Goal.Step.own(step, in: $0).step.set(done: done, in: $0) }
    }

    func set(_ goal: Goal.ID, _ state: Goal.State, as neighbor: Neighbor? = nil) async throws {
        try await write(as: neighbor ?? cleo) { try Goal.own(goal, in: $0).set(state, in: $0) }
    }
}
