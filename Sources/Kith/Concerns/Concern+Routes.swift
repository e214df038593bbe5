import Hummingbird
import Web

extension Concern {
    private static let staff = Access.roles(Set(Ladder.callable))

    static let routes: [Route] = [
        .get("/concerns/new", .signedIn) { visit in
            let query = try visit.query
            let origin = try RaiseScreen.Origin(query)
            return try await visit.show { try RaiseScreen(from: origin, in: $0) }
        }.asking("concern", "match", "referral", "supporter"),
        .post("/concerns", .signedIn) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let draft = try Draft(form, in: visit.platform.world)
                return try await visit.write { try raise(draft, in: $0) }
            } next: {
                "/concerns/raised/\($0)"
            } again: {
                try RaiseScreen(from: .form(form), errors: $0, in: $1)
            }
        }.taking("kind", "once", "who", "words"),
        .get("/concerns/raised/{id}", .signedIn) { visit in
            let id = try visit.id(of: Concern.self)
            return try await visit.show { try RaisedScreen(id, in: $0) }
        },
        .get("/progress/{token}/concern", .anyone) { visit in
            let link = try visit.link(.progress)
            return try await visit.show(by: link) { try RaiseScreen(by: link, in: $0) }
        },
        .post("/progress/{token}/concern", .anyone) { visit in
            let (link, form) = (try visit.link(.progress), try await visit.form())
            let token = try visit.parameter("token")
            return try await visit.submit(by: link) {
                let draft = try Draft(form, in: visit.platform.world)
                return try await visit.write(by: link) { try raise(draft, by: link, in: $0) }
            } next: {
                "/progress/\(token)/concerns/\($0)"
            } again: {
                try RaiseScreen(by: link, form, $0, in: $1)
            }
        }.taking("kind", "once", "who", "words"),
        .get("/progress/{token}/concerns/{id}", .anyone) { visit in
            let (link, id) = (try visit.link(.progress), try visit.id(of: Concern.self))
            return try await visit.show(by: link) { try RaisedScreen(id, by: link, in: $0) }
        },
        .get("/concerns", staff) { visit in try await visit.show { try ConcernsScreen(in: $0) } },
        .get("/concerns/{id}", staff) { visit in
            let id = try visit.id(of: Concern.self)
            return try await visit.show { try ConcernScreen(id, in: $0) }
        },
        .post("/concerns/{id}/acknowledgment", staff) { visit in
            let id = try visit.id(of: Concern.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).acknowledge(in: $0) }
            return .seeOther("/concerns/\(id)")
        }.taking(),
        .post("/concerns/{id}/handover", staff) { visit in
            let (id, form) = (try visit.id(of: Concern.self), try await visit.form())
            return try await visit.submit {
                let person = try form.read { fields in
                    fields.value("person", code: "not-a-choice", standIn: Person.ID("")) { Person.ID(untrusted: $0) }
                }
                try await visit.write { try find(id, in: $0).handOver(to: person, in: $0) }
            } next: {
                "/concerns/\(id)"
            } again: {
                try ConcernScreen(id, form, $0, in: $1)
            }
        }.taking("person"),
        .post("/concerns/{id}/closing", staff) { visit in
            let (id, form) = (try visit.id(of: Concern.self), try await visit.form())
            return try await visit.submit {
                let closing = try form.read { Closing(&$0) }
                try await visit.write { try find(id, in: $0).close(closing, in: $0) }
            } next: {
                "/concerns/\(id)"
            } again: {
                try ConcernScreen(id, form, $0, in: $1)
            }
        }.taking("debrief", "follow-up", "follow-up-*", "outcome", "words"),
        .post("/concerns/{id}/follow-up", staff) { visit in
            let id = try visit.id(of: Concern.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).followUp(in: $0) }
            return .seeOther("/concerns/\(id)")
        }.taking(),
        .post("/concerns/{id}/debrief", staff) { visit in
            let id = try visit.id(of: Concern.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).noteDebrief(in: $0) }
            return .seeOther("/concerns/\(id)")
        }.taking(),
        .post("/concerns/{id}/debrief/answer", .role(.supporter)) { visit in
            let (id, form) = (try visit.id(of: Concern.self), try await visit.form())
            let wants = form["answer"] == "yes"
            try await visit.write { try offering(id, in: $0).answerDebrief(wants, in: $0) }
            return .seeOther("/today")
        }.taking("answer")
    ]
}

extension Concern.Draft {
    /// What a form says that raises a concern.
    fileprivate init(_ form: Form, in world: World) throws {
        self = try form.read { fields in
            let who = fields.value("who", code: "not-a-choice", standIn: RaiseScreen.Who.none) {
                RaiseScreen.Who($0)
            }
            let kind = fields.choice("kind", of: Concern.Kind.self)
            let words = fields.text("words", max: Concern.longest, multiline: true)
            // A page of before has no `once`; then each sending counts.
            let once = fields.optionalValue("once", code: "not-a-choice") { Concern.ID(untrusted: $0) }
            return Self(
                in: who.program, about: who.person, kind: kind, words: words,
                once: once?.text ?? world.newIdentifier())
        }
    }
}

extension Concern.Closing {
    /// What a form that closes a concern says. “nobody” is an answer to who is offered a talk; none is not.
    fileprivate init(_ fields: inout FieldReader) {
        let date = fields.date("follow-up")
        let debrief = fields.value("debrief", code: "required", standIn: "") { text in
            text == Self.nobody || Person.ID(untrusted: text) != nil ? text : nil
        }
        self.init(
            fields.choice("outcome", of: Concern.Outcome.self),
            words: fields.text("words", max: Concern.longest, multiline: true),
            followUp: Day(year: date.year, month: date.month, day: date.day) ?? Day(daysSince1970: 0),
            debrief: debrief == Self.nobody ? nil : Person.ID(debrief))
    }

    /// The answer that no supporter took part.
    static let nobody = "nobody"
}
