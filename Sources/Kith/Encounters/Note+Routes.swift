import Hummingbird
import Web

extension Encounter {
    /// The routes of the note, which has its contact's address.
    static let noteRoutes: [Route] = [
        .post("/encounters/{id}/note", .role(.supporter)) { visit in
            try await keep(visit) { form, encounter, revision, db in
                let (text, words, offers) = try form.read { fields in
                    (
                        fields.text("text", max: Note.longest.text, multiline: true),
                        form["words"] == nil
                            ? nil : fields.text("words", max: Note.longest.words, multiline: true),
                        fields.flag("offer")
                    )
                }
                try Note.write(text: text, words: words, on: encounter, revision: revision, in: db)
                if offers { try Note.offer(on: encounter, revision: revision + 1, in: db) }
            }
        }.taking("addition", "disagreement", "offer", "reason", "revision", "text", "words"),
        .post("/encounters/{id}/note/answer", .role(.participant)) { visit in
            try await keep(visit) { form, encounter, revision, db in
                let (answer, words, disagreement) = try form.read { fields in
                    (
                        fields.choice("answer", of: TypedAnswer.self),
                        fields.text("words", max: Note.longest.words, multiline: true),
                        fields.text("disagreement", max: Note.longest.words, multiline: true)
                    )
                }
                let own: Note.OwnAnswer =
                    switch answer {
                    case .agreed: .agreed
                    case .changed: .changed(words: words, disagreement: disagreement)
                    case .declined: .declined
                    }
                try Note.answer(own, on: encounter, revision: revision, in: db)
            }
        }.taking("addition", "answer", "disagreement", "reason", "revision", "text", "words"),
        .post("/encounters/{id}/note/not-reachable", .role(.supporter)) { visit in
            try await keep(visit) { form, encounter, revision, db in
                let reason = try form.read { $0.text("reason", required: true, max: Note.longest.reason) }
                try Note.recordNotReachable(because: reason, on: encounter, revision: revision, in: db)
            }
        }.taking("addition", "disagreement", "reason", "revision", "text", "words"),
        .post("/encounters/{id}/note/signature", .role(.supporter)) { visit in
            try await keep(visit) { _, encounter, revision, db in
                try Note.sign(on: encounter, revision: revision, in: db)
            }
        }.taking("addition", "disagreement", "reason", "revision", "text", "words"),
        .post("/encounters/{id}/note/addenda", .roles([.participant, .supporter])) { visit in
            try await keep(visit) { form, encounter, _, db in
                let (text, why) = try form.read { fields in
                    (
                        fields.text("addition", required: true, max: Note.longest.words, multiline: true),
                        fields.text("why", required: true, max: Note.longest.reason)
                    )
                }
                try Note.add(text, because: why, to: encounter, in: db)
            }
        }.taking("addition", "disagreement", "reason", "revision", "text", "why", "words")
    ]

    private enum TypedAnswer: String, CaseIterable { case agreed, changed, declined }

    /// Does what a form about the note asks. When the note changed since the form was loaded, the form comes back with
    /// everything typed, beside what stands now.
    private static func keep(
        _ visit: Visit, _ work: @escaping @Sendable (Form, Encounter, Int, Writing) throws -> Void
    ) async throws -> Response {
        let (id, form) = (try visit.id(of: Encounter.self), try await visit.form())
        let revision = form["revision"].flatMap { Int($0) } ?? 0
        do {
            return try await visit.submit {
                try await visit.write { db in try work(form, find(id, in: db), revision, db) }
            } next: {
                "/encounters/\(id)"
            } again: {
                try EncounterScreen(id, typed: form, errors: $0, in: $1)
            }
        } catch Problem.conflict(let obstacle) {
            return try await visit.show(status: .conflict) {
                try EncounterScreen(id, typed: form, obstacle: obstacle, in: $0)
            }
        }
    }
}
