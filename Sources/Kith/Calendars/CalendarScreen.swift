import Web

/// One's own calendar on the phone: how to get it there, and how to take it away.
struct CalendarScreen: Screen {
    static let template = "calendars/own"

    /// Just made, and told once.
    let address: String?
    let made: Instant?
    let choice: CalendarChoice
    let title: String?
    let once: String

    init(address: String? = nil, in db: Reading) throws {
        self.address = address
        made = try CalendarFeed.made(in: db)
        choice = try CalendarChoice.mine(in: db)
        title = try NeutralNames.chosen(by: db.organization, in: db)?.appointment
        once = db.world.newIdentifier()
    }

    func title(_ words: Words) -> String { words("calendar.title") }

    func shown(_ words: Words) -> Value {
        var form: [String: [String]] = [:]
        if choice.showsPlaces { form["places"] = ["yes"] }
        if choice.isByMail { form["mail"] = ["yes"] }
        let fields = ["places", "mail"].map { name in
            Field(name, .check, "calendar.\(name)", hinted: true, in: Form(form), FieldErrors(), words)
        }
        return [
            "address": Value(address), "once": .text(once), "has": .flag(made != nil),
            "made": Value(made.map { words("calendar.made", ["day": words.day($0)]) }),
            "sees": .text(words("calendar.sees", ["title": title ?? words("calendar.usual-title")])),
            "form": shownForm(fields)
        ]
    }
}
