import Hummingbird
import Web

extension Encounter {
    /// The routes of the note, which has its contact's address.
    static let noteRoutes: [Route] = [
        .post("/encounters/{id}/note", .role(.supporter)) { visit in
            try await keep(visit) { form, encounter, revision, db in
                let (text, words, offers, isWeighed) = try form.read { fields in
                    (
                        fields.text("text", max: Note.longest.text, multiline: true),
                        form["words"] == nil
                            ? nil : fields.text("words", max: Note.longest.words, multiline: true),
                        fields.flag("offer"), fields.flag("weighed")
                    )
                }
                try Note.write(text: text, words: words, on: encounter, revision: revision, in: db)
                guard offers else { return false }
                // What may be taken otherwise than it was meant is kept and shown to its writer first, once.
                guard isWeighed || Note.wordings(in: text).isEmpty else { return true }
                try Note.offer(on: encounter, revision: revision + 1, in: db)
                return false
            }
        }.taking("addition", "disagreement", "offer", "reason", "revision", "text", "weighed", "words"),
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
                return false
            }
        }.taking("addition", "answer", "disagreement", "reason", "revision", "text", "words"),
        .post("/encounters/{id}/note/not-reachable", .role(.supporter)) { visit in
            try await keep(visit) { form, encounter, revision, db in
                let reason = try form.read { $0.text("reason", required: true, max: Note.longest.reason) }
                try Note.recordNotReachable(because: reason, on: encounter, revision: revision, in: db)
                return false
            }
        }.taking("addition", "disagreement", "reason", "revision", "text", "words"),
        .post("/encounters/{id}/note/signature", .role(.supporter)) { visit in
            try await keep(visit) { _, encounter, revision, db in
                try Note.sign(on: encounter, revision: revision, in: db)
                return false
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
                return false
            }
        }.taking("addition", "disagreement", "reason", "revision", "text", "why", "words")
    ]

    private enum TypedAnswer: String, CaseIterable { case agreed, changed, declined }

    /// Does what a form about the note asks. When the note changed since the form was loaded, the form comes back with
    /// everything typed, beside what stands now.
    /// - Parameter work: returns whether to go on with the note and not with the whole page.
    private static func keep(
        _ visit: Visit, _ work: @escaping @Sendable (Form, Encounter, Int, Writing) throws -> Bool
    ) async throws -> Response {
        let (id, form) = (try visit.id(of: Encounter.self), try await visit.form())
        let revision = form["revision"].flatMap { Int($0) } ?? 0
        do {
            return try await visit.submit {
                try await visit.write { db in try work(form, find(id, in: db), revision, db) }
            } next: {
                $0 ? "/encounters/\(id)#note" : "/encounters/\(id)"
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
