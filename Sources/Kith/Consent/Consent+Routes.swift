import Web

extension Consent {
    static let routes: [Route] = [
        .get("/consent/{program}", .signedIn) { visit in
            let program = try visit.id("program", of: Program.self)
            return try await visit.show { try OwnConsentScreen(program, in: $0) }
        },
        .post("/consent/{program}", .role(.participant)) { visit in
            let (program, form) = (try visit.id("program", of: Program.self), try await visit.form())
            return try await visit.submit {
                let (answers, name) = try form.read { fields in
                    (Self.answers(&fields), fields.text("name", required: true, max: 200))
                }
                try await visit.write { db in
                    for answer in answers {
                        let say = answer.granted ? give : refuse
                        _ = try say(answer.purpose, program, answer.text, name, db)
                    }
                }
            } next: { _ in
                "/consent/\(program)"
            } again: { errors, db in
                try OwnConsentScreen(program, typed: form, errors: errors, in: db)
            }
        }.taking("answer-*", "name", "text-*"),
        .post("/consent/{program}/withdrawal", .signedIn) { visit in
            let (program, form) = (try visit.id("program", of: Program.self), try await visit.form())
            let purpose = try form.read { $0.choice("purpose", of: Purpose.self) }
            try await visit.write { try withdraw(purpose, of: $0.me, in: program, db: $0) }
            // What was told before cannot be taken back; they see what it was.
            return .seeOther(purpose == .shareStatus ? "/privacy/accounting" : "/consent/\(program)")
        }.taking("purpose"),
        .get("/referrals/{id}/consent", .role(.coordinator)) { visit in
            let referral = try visit.id(of: ConsentSubject.self).text
            return try await visit.show { try RecordConsentScreen(referral: referral, in: $0) }
        },
        .post("/referrals/{id}/consent", .role(.coordinator)) { visit in
            let (referral, form) = (try visit.id(of: ConsentSubject.self).text, try await visit.form())
            return try await visit.submit {
                let (answers, name, way) = try form.read { fields in
                    (Self.answers(&fields), fields.text("name", required: true, max: 200), Self.way(&fields))
                }
                try await visit.write { db in
                    let subject = try ConsentSubject.referred(by: referral, db)
                    for answer in answers {
                        try record(answer, of: subject.person, in: subject.program, by: way, signedAs: name, db: db)
                    }
                }
            } next: { _ in
                "/referrals/\(referral)"
            } again: { errors, db in
                try RecordConsentScreen(referral: referral, typed: form, errors: errors, in: db)
            }
        }.taking("answer-*", "how", "name", "reason", "text-*", "witness"),
        .post("/referrals/{id}/consent/withdrawal", .role(.coordinator)) { visit in
            let (referral, form) = (try visit.id(of: ConsentSubject.self).text, try await visit.form())
            let purpose = try form.read { $0.choice("purpose", of: Purpose.self) }
            try await visit.write { db in
                let subject = try ConsentSubject.referred(by: referral, db)
                try withdraw(purpose, of: subject.person, in: subject.program, by: .voice, db: db)
            }
            return .seeOther("/referrals/\(referral)/consent")
        }.taking("purpose")
    ]

    private enum YesNo: String { case yes, no }

    /// The purposes that were answered; the others are left as they are.
    private static func answers(_ fields: inout FieldReader) -> [Answer] {
        var answers: [Answer] = []
        var anything = false
        for purpose in Purpose.allCases {
            let name = "answer-\(purpose.rawValue)"
            guard let said = fields.optionalChoice(name, of: YesNo.self) else { continue }
            anything = true
            let text = fields.optionalValue("text-\(purpose.rawValue)", code: "not-a-choice") {
                ConsentText.ID(untrusted: $0)
            }
            guard let text else {
                fields.fail(name, "new-words")
                continue
            }
            answers.append(Answer(purpose: purpose, granted: said == .yes, text: text))
        }
        if !anything { fields.fail("answer-\(Purpose.takePart.rawValue)", "one-answer") }
        return answers
    }

    private static func way(_ fields: inout FieldReader) -> Record {
        let how = fields.optionalValue("how", code: "not-a-choice", Method.init(rawValue:))
        let (reason, witness) = (fields.text("reason", max: 500), fields.text("witness", max: 200))
        switch how {
        case .paper:
            if reason.isEmpty { fields.fail("reason", "required") }
            return .paper(reason: reason)
        case .voice:
            if witness.isEmpty { fields.fail("witness", "required") }
        case .browser: fields.fail("how", "not-a-choice")
        case nil: fields.fail("how", "required")
        }
        return .voice(witness: witness)
    }
}
