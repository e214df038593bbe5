import Web

extension ReferralScreen {
    package func shown(_ words: Words) -> Value {
        [
            "id": .text(referral.id.text), "name": .text(names.person), "called": Value(names.called),
            "reference": .text(referral.reference), "prohibited": .flag(names.doNotContact),
            "state": .text(words("states.\(referral.state.businessStatus)")),
            "queue": Value(referral.queue.map { words("queues.\($0.rawValue)") }),
            "due": Value(referral.due.flatMap { referral.isOpen ? words.due($0) : nil }),
            "late": .flag(referral.isOpen && (referral.due.map { $0 < words.now } ?? false)),
            "urgent": .flag(referral.priority == .urgent), "reason": .text(referral.reason),
            "facts": .list(facts(words)), "wishes": .list(shownWishes(words)), "consents": .list(shownConsents(words)),
            "steps": .list(steps.map { step($0, words) }), "attempts": .list(attempts.map { attempt($0, words) }),
            "twins": twins.isEmpty ? .nothing : ["rows": .list(twins.map { twin($0, words) })],
            "actions": actions(words), "summary": summary(words), "invalid": .flag(sent != nil),
            "backPath": isCoordinator ? "/board" : "/team",
            "backText": .text(words(isCoordinator ? "referrals.back-to-board" : "referrals.back-to-team")),
            "merge": .list(isCoordinator ? [form(.merging, words)] : [])
        ]
    }

    private func facts(_ words: Words) -> [Value] {
        var facts: [(String, String)] = [
            ("program", names.program),
            ("sender", names.sender ?? words("referrals.show.asked-themselves")),
            ("received", words.dayAndTime(referral.receivedAt)),
            ("language", words.language(names.language))
        ]
        if referral.forOther { facts.append(("for", words("referrals.show.for-other"))) }
        if let owner = names.owner { facts.append(("owner", owner)) }
        for channel in channels where !names.doNotContact {
            let kind = words("channels.\(channel.kind.rawValue)")
            let leave = words(channel.mayLeaveMessage ? "channels.may-leave" : "channels.leave-nothing")
            let hours = channel.hours.map { " · \($0)" } ?? ""
            facts.append(("reach", "\(kind): \(channel.address) · \(leave)\(hours)"))
        }
        if let outcome = names.outcome { facts.append(("outcome", words("outcomes.\(outcome)"))) }
        if let word = names.word { facts.append(("word", word)) }
        return facts.map { ["label": .text(words("referrals.facts.\($0.0)")), "value": .text($0.1)] }
    }

    private func shownWishes(_ words: Words) -> [Value] {
        var lines: [String] = []
        if !wishes.languages.isEmpty {
            lines.append(
                words(
                    "wishes.languages",
                    ["list": wishes.languages.map(words.language).joined(separator: ", ")]))
        }
        if !wishes.topics.isEmpty {
            lines.append(
                words("wishes.topics", ["list": wishes.topics.map { topics[$0] ?? $0 }.joined(separator: ", ")]))
        }
        if !wishes.formats.isEmpty {
            lines.append(
                words(
                    "wishes.formats",
                    ["list": wishes.formats.map { words("formats.\($0.rawValue)") }.joined(separator: ", ")]))
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
        [Consent.Purpose.takePart, .shareStatus].map { purpose in
            let consent = consents.first { $0.purpose == purpose }
            let state = consent.map { $0.granted ? "yes" : "no" } ?? "not-asked"
            return [
                "label": .text(words("purposes.\(purpose.rawValue)")), "state": .text(words("consents.\(state)")),
                "good": .flag(state == "yes"), "when": Value(consent.map { words.day($0.givenAt) })
            ]
        }
    }

    private func step(_ step: Referral.Step, _ words: Words) -> Value {
        [
            "text": .text(words("moves.\(step.move)")), "when": .text(words.dayAndTime(step.at)),
            "reason": Value(step.reason.map { reasonWords($0, words) })
        ]
    }

    func reasonWords(_ reason: String, _ words: Words) -> String {
        if policy.declineReasons.contains(reason) {
            return policy.declineWords[reason] ?? words("declines.\(reason)")
        }
        return Referral.outcomes.contains(reason) ? words("outcomes.\(reason)") : reason
    }

    private func attempt(_ attempt: Attempt, _ words: Words) -> Value {
        [
            "text": .text(
                words("attempts.\(attempt.outcome)", ["channel": words("channels.\(attempt.channel.rawValue)")])),
            "by": .text(attempt.by), "when": .text(words.ago(attempt.at))
        ]
    }

    private func twin(_ twin: Twin, _ words: Words) -> Value {
        [
            "path": .text("/referrals/\(twin.id)"), "reference": .text(twin.reference), "id": .text(twin.id.text),
            "program": .text(twin.program), "since": .text(words.ago(twin.receivedAt))
        ]
    }

    /// What can be done at this point, as switches for the template.
    private func actions(_ words: Words) -> Value {
        let queue = isCoordinator ? referral.queue : nil
        let mayDecline =
            isCoordinator && referral.isOpen
            && ReferralState.transitions.contains { $0.from == referral.state && $0.move == .decline }
        let mayClose =
            isCoordinator && referral.state != .received
            && ReferralState.transitions.contains { $0.from == referral.state && $0.move == .outcome }
        let mayAsk = queue != nil && queue != .intake && queue != .cancellation
        return [
            "accept": .flag(queue == .intake),
            "confirmCancellation": .flag(queue == .cancellation),
            "consent": .flag(mayAsk),
            "matching": .flag(queue == .matching || queue == .waiting),
            "support": support,
            "tryContact": .flag(mayAsk && !names.doNotContact),
            "invite": .flag(mayAsk && !names.hasAccount),
            // What is seldom asked for folds away, except where it is the question.
            "declineOpen": .flag(queue == .intake || sent?.act == .declination),
            "handOpen": .flag(sent?.act == .owner),
            "attempt": form(.contactAttempts, words),
            "close": mayClose ? form(.closing, words) : .nothing,
            "decline": mayDecline ? form(.declination, words) : .nothing,
            "hand": isCoordinator && referral.isOpen && colleagues.count > 1 ? form(.owner, words) : .nothing,
            "reopen": isCoordinator && !referral.isOpen && referral.mergedInto == nil
                ? form(.reopening, words) : .nothing
        ]
    }

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
