import Storage
import Web

/// When to be reminded of a step.
struct ReminderScreen: Screen {
    static let template = "goals/reminder"

    private enum When: String, CaseIterable { case once, weekly }

    private enum Weekday: String, CaseIterable {
        case monday = "0"
        case tuesday = "1"
        case wednesday = "2"
        case thursday = "3"
        case friday = "4"
        case saturday = "5"
        case sunday = "6"
    }

    /// For how many days ahead.
    private static let days = 366

    let step: Goal.Step
    let reach: ReminderReach
    let now: Instant
    let form: Form
    let errors: FieldErrors

    init(_ id: Goal.Step.ID, _ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        step = try Goal.Step.own(id, in: db).step
        reach = try ReminderReach(in: db)
        now = db.now
        form = typed ?? Form(Self.fields(of: step.reminder))
        self.errors = errors
    }

    private static func fields(of reminder: Goal.Reminder?) -> [String: [String]] {
        guard let reminder else { return [:] }
        let time = ["time": [TimeOfDay(minutes: reminder.minutes).description]]
        return switch reminder.rule {
        case .once(let day): time.merging(["when": [When.once.rawValue], "date": [day.description]]) { $1 }
        case .weekly(let weekdays):
            time.merging(["when": [When.weekly.rawValue], "weekdays": weekdays.sorted().map(String.init)]) { $1 }
        }
    }

    /// - Parameter today: where the person is.
    static func read(_ form: Form, today: Day) throws -> Goal.Reminder {
        try form.read { fields in
            let when = fields.choice("when", of: When.self)
            let time = fields.value("time", code: "not-a-time", standIn: TimeOfDay(minutes: 0)) { TimeOfDay($0) }
            let rule: Goal.Reminder.Rule
            switch when {
            case .once:
                let date = fields.date("date")
                let day = Day(year: date.year, month: date.month, day: date.day) ?? today
                if day > today.adding(days: days) { fields.fail("date", "too-far-ahead") }
                rule = .once(day)
            case .weekly:
                let weekdays = fields.choices("weekdays", of: Weekday.self, required: true)
                rule = .weekly(Set(weekdays.compactMap { Int($0.rawValue) }))
            }
            return Goal.Reminder(rule, minutes: time.hour * 60 + time.minute)
        }
    }

    func title(_ words: Words) -> String { words("goals.reminder") }

    func shown(_ words: Words) -> Value {
        func field(_ name: String, _ kind: Field.Kind, hinted: Bool = false, required: Bool = false) -> Field {
            Field(name, kind, "goals.reminder.\(name)", hinted: hinted, required: required, in: form, errors, words)
        }
        let whens = When.allCases.map { Field.Option($0.rawValue, words("goals.reminder.when.\($0.rawValue)")) }
        let weekdays = Weekday.allCases.map { Field.Option($0.rawValue, words("dates.weekday.\($0.rawValue)")) }
        return shownForm([
            field("when", .choice(whens), required: true), field("date", .date),
            field("weekdays", .checks(weekdays)), field("time", .time, required: true)
        ]).merging([
            "words": Value(step.words), "path": .text("/steps/\(step.id)"),
            "unsent": .flag(reach.outlook(at: now) == .never), "isSet": .flag(step.reminder != nil)
        ])
    }
}
