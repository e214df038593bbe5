import Storage
import Web

/// The copy as its owner reads or prints it, in sections with lines.
struct PersonCopyScreen: Screen {
    static let template = "copies/person"

    let copy: PersonCopy

    func title(_ words: Words) -> String { words("copy.title") }

    func shown(_ words: Words) -> Value {
        [
            "sections": .list(
                copy.sections(words).map { section in
                    [
                        "title": .text(section.title),
                        "lines": .list(
                            section.lines.map { line in
                                [
                                    "label": .text(line.label), "path": Value(line.path),
                                    "paragraphs": .list(
                                        line.text.split(whereSeparator: \.isNewline).map { .text(String($0)) })
                                ]
                            })
                    ]
                })
        ]
    }
}

extension PersonCopy {
    package struct Section: Sendable {
        package let title: String
        package let lines: [Line]
    }

    /// What it is, and what was said.
    package struct Line: Sendable {
        package let label: String
        package let text: String
        /// Where what came with it can be taken.
        var path: String?
    }

    /// Everything in the reader's language, part by part; parts of which there is nothing are left out.
    package func sections(_ words: Words) -> [Section] {
        let own: [(String, [Line])] = [
            ("about", about(words)), ("requests", requests.flatMap { lines(of: $0, words) }),
            ("agreements", agreements.map { line(of: $0, words) }), ("support", supports.map { line(of: $0, words) }),
            (
                "messages",
                letters.map {
                    Line(
                        label: "\($0.sender), \(words.dayAndTime($0.sentAt))", text: $0.said(words),
                        path: $0.attachmentPath)
                }
            ),
            ("plan", lines(of: plan, words)), ("preparation", lines(of: preparation, words)),
            ("my-story", lines(of: story, words)), ("goals", goals.copied(words)),
            ("contacts", contacts.flatMap { lines(of: $0, words) }),
            (
                "groups",
                groups.map { line(of: $0, words) } + meetings.map { line(of: $0, words) }
                    + courses.map { Line(label: "\($0.group), \($0.title)", text: $0.standing.said(words)) }
            ),
            ("clearances", clearances.map { Line(label: $0.saidGiven(words), text: $0.saidEnded(words)) }),
            (
                "looks",
                looks.map { look in
                    Line(
                        label: words.dayAndTime(look.at),
                        text: "\(look.who ?? words("looks.by-program")): \(words("looks.what.\(look.what.rawValue)"))")
                }
            )
        ]
        let parts = own + further.map { part in (part.name, part.lines.map { $0(words) }) }
        return parts.filter { !$0.1.isEmpty }.map { Section(title: words("copy.\($0.0)"), lines: $0.1) }
    }

    /// The same as plain text, for a file.
    package func text(_ words: Words) -> String {
        sections(words).map { section in
            let lines = section.lines.map { "\($0.label)\n  " + $0.text.replacing("\n", with: "\n  ") }
            return "\(section.title)\n\(String(repeating: "=", count: section.title.count))\n\n"
                + lines.joined(separator: "\n\n")
        }.joined(separator: "\n\n\n") + "\n"
    }

    private func lines<Sheet: OwnSheet>(of sheet: Sheet?, _ words: Words) -> [Line] {
        Sheet.Part.allCases.compactMap { part in
            sheet?.answers[part].map { Line(label: words("\(Sheet.name).own.\(part.rawValue)"), text: $0) }
        }
    }

    private func about(_ words: Words) -> [Line] {
        let known: [(String, String?)] = [
            ("name", person.name), ("called", person.called), ("language", words.language(person.language)),
            ("birth-year", birthYear.map(String.init)), ("gender", gender), ("culture", culture), ("area", area)
        ]
        let facts = known.compactMap { key, value in value.map { Line(label: words("copy.about.\(key)"), text: $0) } }
        return facts
            + channels.map { Line(label: words("channels.\($0.kind.rawValue)"), text: $0.address) }
    }

    private func lines(of request: Request, _ words: Words) -> [Line] {
        let when = "\(request.program), \(words.day(request.referral.receivedAt))"
        let said: [(String, String?)] = [
            ("reason", request.reason), ("wishes", request.wishes.words), ("feedback", request.feedback)
        ]
        let number = Line(label: when, text: words("copy.request.number", ["number": request.referral.reference]))
        return [number]
            + said.compactMap { key, text in
                text.flatMap { $0.isEmpty ? nil : Line(label: "\(when): \(words("copy.request.\(key)"))", text: $0) }
            }
    }

    private func line(of agreement: Agreement, _ words: Words) -> Line {
        let answer = words(agreement.granted ? "copy.agreement.yes" : "copy.agreement.no")
        let ended = agreement.endedAt.map { "\n" + words("copy.agreement.ended", ["day": words.day($0)]) } ?? ""
        return Line(
            label: words.list([
                words("consent.purpose.\(agreement.purpose.rawValue).title"), agreement.program,
                words.day(agreement.givenAt)
            ]),
            text: "\(answer) (\(agreement.signedAs))\(ended)\n\(agreement.words)")
    }

    private func line(of support: Support, _ words: Words) -> Line {
        let days = [support.startedAt, support.endedAt].map { $0.map { words.day($0) } ?? "…" }
        return Line(label: support.supporter, text: days.joined(separator: " – "))
    }

    private func line(of part: GroupMember.Kept, _ words: Words) -> Line {
        let asked = words("copy.group.asked", ["day": words.day(part.askedAt)])
        let said = [
            part.nickname.map { words("copy.group.nickname", ["nickname": $0]) }, asked,
            part.joinedAt.map { words("copy.group.joined", ["day": words.day($0)]) },
            part.endedAt.map { words("copy.group.ended", ["day": words.day($0)]) }, part.words
        ]
        return Line(label: part.group, text: said.compactMap { $0 }.joined(separator: "\n"))
    }

    private func line(of meeting: GroupMember.KeptMeeting, _ words: Words) -> Line {
        Line(
            label: words.list([meeting.group, words.dayAndTime(meeting.startsAt)]),
            text: words(meeting.outcome.map { "running.outcome.\($0.rawValue)" } ?? "running.absent"))
    }

    private func lines(of contact: Contact, _ words: Words) -> [Line] {
        let encounter = contact.encounter
        let label = words.list([
            words.dayAndTime(encounter.startsAt), words("encounters.mode.\(encounter.mode.rawValue)")
        ])
        let place = encounter.place.map { words("list.separator") + $0 } ?? ""
        var lines = [Line(label: label, text: encounter.supporterName + place)]
        if let note = contact.note {
            // Whoever is shown this on paper takes it for what it is.
            lines.append(Line(label: "\(label): \(words("notes.title"))", text: words("notes.peer")))
            for (key, text) in [
                ("text", note.text), ("words", note.personsWords), ("otherwise", note.disagreement ?? "")
            ]
            where !text.isEmpty {
                lines.append(Line(label: "\(label): \(words("copy.note.\(key)"))", text: text))
            }
        }
        lines += contact.addenda.map { addendum in
            Line(label: "\(words.dayAndTime(addendum.at)): \(words("copy.note.added"))", text: addendum.text)
        }
        return lines
    }
}

extension GoalList {
    /// What helps them, and each goal with its steps.
    fileprivate func copied(_ words: Words) -> [PersonCopy.Line] {
        let gone = words("text.unreadable")
        let first = strengths.map { PersonCopy.Line(label: words("goals.strengths"), text: $0.words ?? gone) }
        return (first.map { [$0] } ?? [])
            + goals.map { goal in
                let steps = goal.steps.map { step in
                    let reminder = step.reminder.map { " (\($0.said(words)))" } ?? ""
                    let state = words(step.isDone ? "goals.step.done" : "goals.step.open")
                    return "\(state): \(step.words ?? gone)\(reminder)"
                }
                return PersonCopy.Line(
                    label: words("goals.state.\(goal.state.rawValue)"),
                    text: ([goal.words ?? gone] + steps).joined(separator: "\n"))
            }
    }
}
