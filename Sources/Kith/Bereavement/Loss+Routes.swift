import Hummingbird
import Web

extension Loss {
    static let routes: [Route] = [
        .get("/referrals/{id}/loss", .role(.coordinator)) { visit in
            let id = try visit.id(of: Referral.self)
            return try await visit.show { try NewLossScreen(of: id, in: $0) }
        },
        .post("/referrals/{id}/loss", .role(.coordinator)) { visit in
            let (id, form) = (try visit.id(of: Referral.self), try await visit.form())
            return try await visit.submit {
                let day = try form.read { $0.diedOn() }
                return try await visit.write { try record(Referral.find(id, in: $0), on: day, in: $0) }
            } next: {
                "/losses/\($0)"
            } again: {
                try NewLossScreen(of: id, form, $0, in: $1)
            }
        }.taking("died-on", "died-on-*"),
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
