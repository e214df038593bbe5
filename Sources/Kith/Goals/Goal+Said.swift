import Storage
import Web

extension Goal.Reminder {
    /// “Tuesday, March 3 at 6:00 pm”, or on which days of each week.
    func said(_ words: Words) -> String {
        let time = words.time(ofDay: minutes)
        switch rule {
        case .once(let day): return words("dates.day-at", ["day": words.day(day), "time": time])
        case .weekly(let weekdays) where weekdays.count == 7: return words("goals.reminder.daily", ["time": time])
        case .weekly(let weekdays):
            let names = weekdays.sorted().map { words("dates.weekday.\($0)") }
            return words("goals.reminder.weekly", ["weekdays": words.list(names), "time": time])
        }
    }
}

/// Whether a message can go out when the person asking is to be reminded.
struct ReminderReach: Sendable {
    enum Outlook: String { case leaves, outside, never }

    private let reach: Reachability?
    private let carried: Set<ContactChannel.Kind>

    init(in db: Reading) throws {
        carried = db.world.carries
        reach = try Goal.reachability(in: db)
    }

    /// What becomes of a message at a moment: it leaves, not in these hours, or there is no way to.
    func outlook(at moment: Instant) -> Outlook {
        guard let reach, let channel = reach.channel(for: .reminder, among: carried, at: moment) else { return .never }
        guard case .wait(let until) = reach.decision(on: .notice(.reminder), by: channel, at: moment) else {
            return .leaves
        }
        return Goal.Reminder.isGood(moment, at: until) ? .leaves : .outside
    }
}

extension Goal.Step {
    /// As it stands in a list of its owner's.
    func shown(_ reach: ReminderReach?, _ words: Words) -> Value {
        let isNow = told.map { $0.at > words.now.adding(hours: -24) } ?? false
        let isOutside = next.map { reach?.outlook(at: $0.at) == .outside } ?? false
        let reminder = isNow ? words("goals.reminder.now") : next == nil ? nil : self.reminder?.said(words)
        return [
            "words": .text(self.words ?? words("text.unreadable")), "path": .text("/steps/\(id)"),
            "reminder": Value(isDone ? nil : reminder), "outside": .flag(!isDone && isOutside),
            "open": .flag(!isDone), "done": .flag(isDone)
        ]
    }
}

extension GoalList {
    /// All that is readable in it.
    var inOrder: [String] {
        ([strengths?.words] + goals.flatMap { [$0.words] + $0.steps.map(\.words) }).compactMap { $0 }
    }

    /// The goals in a state, each with its steps.
    func shown(_ state: Goal.State, _ reach: ReminderReach?, _ words: Words) -> [Value] {
        goals.filter { $0.state == state }.map { goal in
            let done = goal.steps.filter(\.isDone)
            return [
                "words": .text(goal.words ?? words("text.unreadable")), "path": .text("/goals/\(goal.id)"),
                "state": .text(words("goals.state.\(goal.state.rawValue)")),
                "ahead": .list(goal.steps.filter { !$0.isDone }.map { $0.shown(reach, words) }),
                "behind": done.isEmpty ? .nothing : ["steps": .list(done.map { $0.shown(reach, words) })],
                "mayAdd": .flag(goal.steps.count < Goal.Step.most)
            ]
        }
    }

    func shownStrengths(_ words: Words) -> Value {
        strengths.map { ["words": .text($0.words ?? words("text.unreadable"))] } ?? .nothing
    }
}
