import Hummingbird
import Web

extension Incident {
    private static let staff = Access.roles(Set(readers))

    static let routes: [Route] = [
        .get("/incidents", staff) { visit in try await visit.show { try IncidentsScreen(in: $0) } },
        .get("/incidents/new", staff) { visit in try await visit.show { try NewIncidentScreen(in: $0) } },
        .post("/incidents", staff) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                let said = try form.read { fields in
                    let date = fields.date("happened-on")
                    return (
                        program: fields.value("program", code: "not-a-choice", standIn: Program.ID("")) {
                            Program.ID(untrusted: $0)
                        },
                        kind: fields.choice("kind", of: Kind.self),
                        day: Day(year: date.year, month: date.month, day: date.day) ?? Day(daysSince1970: 0),
                        words: fields.text("words", required: true, max: longest, multiline: true),
                        id: fields.value("once", code: "required", standIn: Incident.ID("")) {
                            Incident.ID(untrusted: $0)
                        }
                    )
                }
                try await visit.write {
                    try record(said.kind, on: said.day, said.words, as: said.id, in: said.program, db: $0)
                }
                return said.id
            } next: {
                "/incidents/\($0)"
            } again: {
                try NewIncidentScreen(form, $0, in: $1)
            }
        }.taking("happened-on", "happened-on-*", "kind", "once", "program", "words"),
        .get("/incidents/{id}", staff) { visit in
            let id = try visit.id(of: Incident.self)
            return try await visit.show { try IncidentScreen(id, in: $0) }
        },
        .post("/incidents/{id}/told", staff) { visit in
            let (id, form) = (try visit.id(of: Incident.self), try await visit.form())
            let whom = try form.read { $0.choice("whom", of: Told.self) }
            try await visit.write { try find(id, in: $0).tell(whom, in: $0) }
            return .seeOther("/incidents/\(id)")
        }.taking("whom"),
        .post("/incidents/{id}/review", staff) { visit in
            try await answer(visit, "review") { try $0.review($1, in: $2) }
        }.taking("review"),
        .post("/incidents/{id}/closing", staff) { visit in
            try await answer(visit, "lessons") { try $0.close($1, in: $2) }
        }.taking("lessons")
    ]

    private static func answer(
        _ visit: Visit, _ name: String, _ act: @escaping @Sendable (Incident, String, Writing) throws -> Void
    ) async throws -> Response {
        let (id, form) = (try visit.id(of: Incident.self), try await visit.form())
        return try await visit.submit {
            let words = try form.read { $0.text(name, required: true, max: longest, multiline: true) }
            try await visit.write { try act(find(id, in: $0), words, $0) }
        } next: {
            "/incidents/\(id)"
        } again: {
            try IncidentScreen(id, form, $0, in: $1)
        }
    }
}
