import Hummingbird
import Storage
import Web

/// Where to get help now. Needs nothing but the program itself.
struct UrgentHelpScreen: Screen {
    static let template = "public/urgent-help"
    let houses: [UrgentHelpBoard.House]

    func title(_ words: Words) -> String { words("urgent.title") }

    func shown(_ words: Words) -> Value {
        let numbers = UrgentHelp.unitedStates
        let language = String(words.strings.locale.prefix { $0 != "-" })
        let isNational = houses.isEmpty || houses.contains { $0.help.usesNational }
        let emergency = houses.lazy.compactMap(\.help.emergency).first ?? numbers.emergency
        let checked = houses.compactMap(\.help.reviewedOn).min() ?? numbers.checkedOn
        let lines = houses.flatMap { house in house.help.lines.map { (house.name, $0) } }
        return [
            "static": true, "emergency": .text(emergency),
            "own": .list(
                lines.map { house, line in
                    [
                        "name": .text(line.name), "house": houses.count > 1 ? .text(house) : .nothing,
                        "about": .text(line.about), "call": line.call.isEmpty ? .nothing : .text(line.call),
                        "text": line.text.isEmpty ? .nothing : .text(line.text)
                    ]
                }),
            "national": isNational
                ? [
                    "lifeline": .text(numbers.lifeline), "chat": .text(numbers.lifelineChat),
                    "spanishWord": .text(numbers.spanishWord), "veteransText": .text(numbers.veteransText),
                    "textLine": .text(numbers.textLine), "textWord": Value(numbers.textLineWord(for: language)),
                    "lifelineWord": language == "es" ? .text(numbers.spanishWord) : .nothing,
                    "maternal": .text(numbers.maternal)
                ] : .nothing,
            "checkedDate": .text(checked.description), "checkedDay": .text(words.day(checked))
        ]
    }
}

/// The administrator's page about the numbers.
struct UrgentNumbersScreen: Screen {
    static let template = "home/urgent-numbers"
    static let rows = 3

    let help: UrgentHelp
    let today: Day
    let typed: Form?
    let errors: FieldErrors

    init(_ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        help = try UrgentHelp.chosen(by: db.organization, in: db)
        today = db.today
        (self.typed, self.errors) = (typed, errors)
    }

    func title(_ words: Words) -> String { words("urgent-numbers.title") }

    func shown(_ words: Words) -> Value {
        let form = typed ?? Form(Self.fields(help))
        func field(_ name: String, _ kind: Field.Kind, _ key: String, hinted: Bool = false) -> Field {
            Field(name, kind, "urgent-numbers.\(key)", hinted: hinted, autocomplete: "off", in: form, errors, words)
        }
        var groups: [(heading: String, hint: String?, fields: [Field])] = [
            (
                words("urgent-numbers.country"), nil,
                [
                    field("national", .check, "national", hinted: true),
                    field("emergency", .telephone, "emergency", hinted: true)
                ]
            )
        ]
        for row in 1...Self.rows {
            let fields = [
                field("name-\(row)", .line, "name"), field("about-\(row)", .line, "about"),
                field("call-\(row)", .telephone, "call"), field("text-\(row)", .telephone, "text")
            ]
            groups.append((words("urgent-numbers.own", ["number": "\(row)"]), nil, fields))
        }
        return .object(Fields(shownForm(groups))).merging([
            "invalid": .flag(!errors.isEmpty), "late": .flag(help.reviewDue <= today),
            "due": .text(words("urgent-numbers.due", ["day": words.day(help.reviewDue)]))
        ])
    }

    private static func fields(_ help: UrgentHelp) -> [String: [String]] {
        var fields: [String: [String]] = [
            "national": help.usesNational ? ["yes"] : [], "emergency": help.emergency.map { [$0] } ?? []
        ]
        for (row, line) in zip(1..., help.lines) {
            fields["name-\(row)"] = [line.name]
            fields["about-\(row)"] = [line.about]
            fields["call-\(row)"] = [line.call]
            fields["text-\(row)"] = [line.text]
        }
        return fields
    }

    static func read(_ form: Form) throws -> UrgentHelp {
        try form.read { fields in
            var help = UrgentHelp(usesNational: fields.flag("national"))
            func number(_ name: String, _ fields: inout FieldReader) -> String {
                let text = fields.text(name, max: 30).withWesternDigits
                let isNumber =
                    text.contains(where: \.isDigit) && text.allSatisfy { $0.isDigit || "+-() .".contains($0) }
                if !text.isEmpty, !isNumber { fields.fail(name, "not-a-phone-number") }
                return text
            }
            let emergency = number("emergency", &fields)
            help.emergency = emergency.isEmpty ? nil : emergency
            if !help.usesNational, emergency.isEmpty { fields.fail("emergency", "required") }
            for row in 1...Self.rows {
                let line = UrgentHelp.Line(
                    name: fields.text("name-\(row)", max: 100), about: fields.text("about-\(row)", max: 200),
                    call: number("call-\(row)", &fields), text: number("text-\(row)", &fields))
                guard line != UrgentHelp.Line(name: "") else { continue }
                if line.name.isEmpty { fields.fail("name-\(row)", "required") }
                if line.call.isEmpty, line.text.isEmpty { fields.fail("call-\(row)", "required") }
                help.lines.append(line)
            }
            return help
        }
    }
}

extension UrgentHelp {
    static let routes: [Route] = [
        .get("/urgent-help", .anyone) { visit in
            try visit.show(UrgentHelpScreen(houses: visit.platform.urgentHelp.houses(on: visit.platform)))
        },
        .get("/urgent-help/numbers", .role(.administrator)) { visit in
            try await visit.show { try UrgentNumbersScreen(in: $0) }
        },
        .post("/urgent-help/numbers", .role(.administrator)) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let help = try UrgentNumbersScreen.read(form)
                try await visit.write { try help.keep(in: $0) }
                await visit.platform.urgentHelp.read(from: visit.platform)
            } next: {
                "/urgent-help/numbers"
            } again: {
                try UrgentNumbersScreen(form, $0, in: $1)
            }
        },
        // They are right as they are; somebody has looked.
        .post("/urgent-help/review", .role(.administrator)) { visit in
            _ = try await visit.form()
            try await visit.write { try chosen(by: $0.organization, in: $0).keep(in: $0) }
            await visit.platform.urgentHelp.read(from: visit.platform)
            return .seeOther("/urgent-help/numbers")
        }
    ]

    /// Stands on the administrator's first page while nobody has looked for too long.
    static let raised = RaisedWork("urgent-numbers.raised", at: "/urgent-help/numbers", for: [.administrator]) { db in
        try chosen(by: db.organization, in: db).reviewDue <= db.today ? 1 : 0
    }
}
