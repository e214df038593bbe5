import Hummingbird
import Web

extension Loss {
    /// Writing down the death of somebody that a coordinator has a page about.
    /// - Parameter find: answers with whom the page is about, when they may know it.
    private static func recording(
        below path: String, _ find: @escaping @Sendable (String, Reading) throws -> Subject
    ) -> [Route] {
        [
            .get("\(path)/{id}/loss", .role(.coordinator)) { visit in
                let id = try visit.parameter("id")
                return try await visit.show { try NewLossScreen(of: find(id, $0), from: "\(path)/\(id)", in: $0) }
            },
            .post("\(path)/{id}/loss", .role(.coordinator)) { visit in
                let (id, form) = (try visit.parameter("id"), try await visit.form())
                return try await visit.submit {
                    let day = try form.read { $0.diedOn() }
                    return try await visit.write { try record(find(id, $0), on: day, in: $0) }
                } next: {
                    "/losses/\($0)"
                } again: {
                    try NewLossScreen(of: find(id, $1), from: "\(path)/\(id)", form, $0, in: $1)
                }
            }.taking("died-on", "died-on-*")
        ]
    }

    private static func id<Thing>(_ text: String) throws(Problem) -> Identifier<Thing> {
        guard let id = Identifier<Thing>(untrusted: text) else { throw .notFound }
        return id
    }

    static let routes: [Route] =
        recording(below: "/referrals") { try Subject(of: Referral.find(id($0), in: $1)) }
        + recording(below: "/supporters") { try Subject(supporter: id($0), in: $1) } + [
            .get("/losses", .role(.coordinator)) { visit in try await visit.show { try LossesScreen(in: $0) } },
            .get("/losses/new", .signedIn) { visit in try await visit.show { try OwnLossScreen(in: $0) } },
            .post("/losses", .signedIn) { visit in
                let form = try await visit.form()
                return try await visit.submit {
                    let (relation, day) = try form.read { fields in
                        (
                            fields.value("who", code: "not-a-choice", standIn: CareRelation.ID("")) {
                                CareRelation.ID(untrusted: $0)
                            }, fields.diedOn()
                        )
                    }
                    return try await visit.write { try tell(relation, on: day, in: $0) }
                } next: { _ in
                    "/home"
                } again: {
                    try OwnLossScreen(form, $0, in: $1)
                }
            }.taking("died-on", "died-on-*", "who"),
            .get("/losses/{id}", .role(.coordinator)) { visit in
                let id = try visit.id(of: Loss.self)
                return try await visit.show { try LossScreen(id, in: $0) }
            },
            .post("/losses/{id}/confirmation", .role(.coordinator)) { visit in
                let id = try visit.id(of: Loss.self)
                _ = try await visit.form()
                try await visit.write { try find(id, in: $0).confirm(in: $0) }
                return .seeOther("/losses/\(id)")
            }.taking(),
            .post("/losses/{id}/mistake", .role(.coordinator)) { visit in
                let id = try visit.id(of: Loss.self)
                _ = try await visit.form()
                try await visit.write { try find(id, in: $0).takeBack(in: $0) }
                return .seeOther("/losses/\(id)")
            }.taking(),
            .post("/losses/{id}/talks", .role(.coordinator)) { visit in
                let (id, form) = (try visit.id(of: Loss.self), try await visit.form())
                let person = try form.read { fields in
                    fields.value("person", code: "not-a-choice", standIn: Person.ID("")) { Person.ID(untrusted: $0) }
                }
                try await visit.write { try find(id, in: $0).spokeWith(person, in: $0) }
                return .seeOther("/losses/\(id)")
            }.taking("person"),
            .post("/losses/{id}/answer", .signedIn) { visit in
                let (id, form) = (try visit.id(of: Loss.self), try await visit.form())
                let answer = try form.read { $0.choice("answer", of: Mourner.Answer.self) }
                try await visit.write { try Mourner.answer(answer, to: id, in: $0) }
                return .seeOther("/")
            }.taking("answer")
        ]
}

extension FieldReader {
    /// The day somebody died, where it is known.
    fileprivate mutating func diedOn() -> Day? {
        optionalDate("died-on").flatMap { Day(year: $0.year, month: $0.month, day: $0.day) }
    }
}
