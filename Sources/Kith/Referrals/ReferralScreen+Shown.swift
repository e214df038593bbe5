import Web

extension ReferralScreen {
    package func shown(_ words: Words) -> Value {
        [
            "id": .text(referral.id.text), "once": .text(once), "name": .text(names.person),
            "called": Value(names.called),
            "reference": .text(referral.reference), "prohibited": .flag(names.doNotContact),
            "state": .text(words("states.\(referral.state.businessStatus)")),
            "queue": Value(referral.queue.map { words("queues.\($0.rawValue)") }),
            "due": Value(referral.due.flatMap { referral.isOpen ? words.due($0) : nil }),
            "late": .flag(referral.isOpen && (referral.due.map { $0 < words.now } ?? false)),
            "urgent": .flag(referral.priority == .urgent),
            "reason": .text(referral.reason(with: key) ?? words("text.unreadable")),
            "facts": .list(facts(words)), "wishes": .list(shownWishes(words)),
            "consents": .list(allows(.consent) ? shownConsents(words) : []),
            "steps": .list(steps.map { step($0, words) }), "attempts": .list(attempts.map { attempt($0, words) }),
            "twins": twins.isEmpty || !referral.isOpen
                ? .nothing
                : [
                    "rows": .list(twins.map { twin($0, words) }),
                    "join": isCoordinator && referral.state.path(to: .decline) != nil ? form(.merging, words) : .nothing
                ],
            "chain": .list(
                chain.map { link in
                    [
                        "label": .text(words("referrals.chain.\(link.kind.rawValue)")),
                        "path": .text("/referrals/\(link.id)"), "reference": .text(link.reference)
                    ]
                }),
            "openPath": grounds.contains(.supervisor) ? .text("/openings/new?referral=\(referral.id)") : .nothing,
            "editPath": isCoordinator && referral.isOpen ? .text("/referrals/\(referral.id)/person") : .nothing,
            "feedback": names.feedback.flatMap { allows(.feedback) ? shown($0, words) : nil } ?? .nothing,
            "actions": actions(words),
            "needsPath": allows(.needsCheck) ? .text("/referrals/\(referral.id)/needs-check") : .nothing,
            "pause": Value(pause?.said(words)), "mayActForThem": .flag(isCoordinator),
            "summary": summary(words), "invalid": .flag(sent != nil),
            "backPath": isCoordinator || mayHand ? "/board" : "/team",
            "backText": .text(
                words(isCoordinator || mayHand ? "referrals.back-to-board" : "referrals.back-to-team"))
        ]
    }

    private func facts(_ words: Words) -> [Value] {
        var facts: [(String, String)] = [
            ("program", names.program),
            ("sender", names.sender ?? words("referrals.show.asked-themselves")),
            ("received", words.dayAndTime(referral.receivedAt)),
            ("language", words.language(names.language))
        ]
        if referral.forOther {
            let isAskedForOther = referral.origin == .own
            facts.append(
                ("for", words(isAskedForOther ? "referrals.show.for-other" : "referrals.show.for-caregiver")))
        }
        for relation in care { facts.append(("care", relation.said(of: referral.person, words))) }
        if let asked = names.callAskedAt { facts.append(("call", words.dayAndTime(asked))) }
        if let sooner = referral.soonerSince, allows(.needsCheck) { facts.append(("sooner", words.dayAndTime(sooner))) }
        if let owner = names.owner { facts.append(("owner", owner)) }
        for channel in channels where !names.doNotContact {
            let kind = words("channels.\(channel.kind.rawValue)")
            // Where they said no, the number is not there to be dialed.
            if refused.contains(channel.kind) {
                facts.append(("reach", words("channels.refused", ["channel": kind])))
                continue
            }
            if channel.kind == .text, let textsStopped {
                let parts = ["channel": kind, "address": words.apart(channel.address), "day": words.day(textsStopped)]
                facts.append(("reach", words("channels.stopped", parts)))
                continue
            }
            let leave = words(channel.mayLeaveMessage ? "channels.may-leave" : "channels.leave-nothing")
            let hours = channel.hours.map { " · \($0)" } ?? ""
            facts.append(("reach", "\(kind): \(words.apart(channel.address)) · \(leave)\(hours)"))
        }
        if let outcome = names.outcome, allows(.progress) { facts.append(("outcome", words("outcomes.\(outcome)"))) }
        if let word = names.word, allows(.progress) { facts.append(("word", word)) }
        return facts.map { ["label": .text(words("referrals.facts.\($0.0)")), "value": .text($0.1)] }
    }

    private func shownWishes(_ words: Words) -> [Value] {
        var lines: [String] = []
        if !wishes.languages.isEmpty {
            lines.append(
                words("wishes.languages", ["list": words.list(wishes.languages.map(words.language))]))
        }
        if !wishes.topics.isEmpty {
            lines.append(
                words("wishes.topics", ["list": words.list(wishes.topics.map { topics[$0] ?? $0 })]))
        }
        if !wishes.formats.isEmpty {
            lines.append(
                words(
                    "wishes.formats",
                    ["list": words.list(wishes.formats.map(words.format))]))
        }
        if let area = wishes.area { lines.append(words("wishes.area", ["area": area])) }
        for (name, wish) in [("gender", wishes.gender), ("age", wishes.age), ("culture", wishes.culture)]
        where wish.kind != .none {
            lines.append(words("wishes.\(name).\(wish.kind.rawValue)") + (wish.must ? " " + words("wishes.must") : ""))
        }
        if let own = wishes.words { lines.append(words("wishes.words", ["words": own])) }
        return lines.map(Value.text)
    }

    private func shownConsents(_ words: Words) -> [Value] {
        // Of the channels those that somebody could use or was told about.
        let purposes = [Consent.Purpose.takePart, .shareStatus].map { ($0, "purposes.\($0.rawValue)") }
        let ways = ContactChannel.Kind.allCases.filter { kind in
            answers[.contact(by: kind)] != nil || channels.contains { $0.kind == kind }
        }
        return (purposes + ways.map { (.contact(by: $0), "channels.\($0.rawValue)") }).map { purpose, label in
            let answer = answers[purpose]
            let state = answer?.standing ?? .unanswered
            return [
                "label": .text(words(label)),
                "state": .text(words("consents.\(state == .unanswered ? "not-asked" : state.rawValue)")),
                "good": .flag(state == .yes), "when": Value(answer.map { words.day($0.since) })
            ]
        }
    }

    private func allows(_ item: Item) -> Bool { Wall.allows(item, on: grounds) }

    var refused: Set<ContactChannel.Kind> { Consent.refusedChannels(in: answers) }

    private func shown(_ feedback: Feedback, _ words: Words) -> Value {
        [
            "helped": .text(words("feedback.helped.\(feedback.helped)")),
            "again": .text(words("feedback.again.\(feedback.again)")), "words": Value(feedback.words),
            "when": .text(words.day(feedback.at))
        ]
    }

    private func step(_ step: Referral.Step, _ words: Words) -> Value {
        [
            "text": .text(words("moves.\(step.move)")), "when": .text(words.dayAndTime(step.at)),
            "reason": Value(step.words ?? step.reason.map { reasonWords($0, words) })
        ]
    }

    func reasonWords(_ reason: String, _ words: Words) -> String {
        if policy.declineReasons.contains(reason) {
            return policy.declineWords[reason] ?? words("declines.\(reason)")
        }
        if reason == Referral.onPaper { return words("referrals.steps.on-paper") }
        return Referral.outcomes.contains(reason) ? words("outcomes.\(reason)") : reason
    }

    private func attempt(_ attempt: Attempt, _ words: Words) -> Value {
        [
            "text": .text(
                words("attempts.\(attempt.outcome)", ["channel": words("channels.\(attempt.channel.rawValue)")])),
            "by": .text(attempt.by), "when": .text(words.ago(attempt.at))
        ]
    }

    private func twin(_ twin: Referral.Twin, _ words: Words) -> Value {
        [
            "path": .text("/referrals/\(twin.id)"), "reference": .text(twin.reference), "id": .text(twin.id.text),
            "since": .text(words.ago(twin.receivedAt))
        ]
    }

    /// What can be done at this point, as switches for the template.
    private func actions(_ words: Words) -> Value {
        let queue = isCoordinator ? referral.queue : nil
        let mayDecline = isCoordinator && referral.state.path(to: .decline) != nil
        let mayClose = isCoordinator && referral.state.path(to: .outcome) != nil
        return [
            "accept": .flag(queue == .intake),
            "confirmCancellation": queue == .cancellation
                ? [
                    "title": .text(
                        words("referrals.cancellation.\(referral.stopAskedBy == .person ? "person" : "sender")"))
                ] : .nothing,
            "consent": .flag(mayAsk),
            "matching": .flag(queue == .matching || queue == .waiting),
            "support": support,
            "tryContact": .flag(mayTryContact), "call": call?.shown(words) ?? .nothing,
            "caller": .text(names.caller ?? NeutralNames.usual(words).caller),
            "invite": mayAsk && !names.hasAccount ? ["mail": .flag(mayMail && !names.doNotContact)] : .nothing,
            // What is seldom asked for folds away, except where it is the question.
            "declineOpen": .flag(queue == .intake || sent?.act == .declination),
            "handOpen": .flag(sent?.act == .owner),
            "attempt": form(.contactAttempts, words),
            "close": mayClose ? form(.closing, words) : .nothing,
            "decline": mayDecline ? form(.declination, words) : .nothing,
            "hand": mayHand && referral.isOpen && !others.isEmpty ? form(.owner, words) : .nothing,
            "reopen": isCoordinator && !referral.isOpen && referral.mergedInto == nil
                && !chain.contains { $0.kind == .reopenedBy }
                ? form(.reopening, words) : .nothing
        ]
    }

    private var mayAsk: Bool {
        isCoordinator && referral.queue != nil && referral.queue != .intake && referral.queue != .cancellation
    }

    var mayTryContact: Bool {
        mayAsk && !names.doNotContact && refused.count < ContactChannel.Kind.allCases.count
    }

    /// Who else could take care of it.
    var others: [Referral.Owner] { owners.filter { $0.person != referral.owner } }

    /// The ways to the two people and their contacts, for whoever works on it; from acceptance on there may be some.
    private var support: Value {
        guard referral.state != .received else { return .nothing }
        let isMatched = [.answers, .firstContact, .support].contains(referral.queue)
        return [
            "matchPath": isMatched ? .text("/referrals/\(referral.id)/match") : .nothing,
            "contactsPath": .text("/encounters?referral=\(referral.id)"),
            "checkIn": .flag(isCoordinator && referral.queue == .support)
        ]
    }
}
