import Kith

extension ParticipantPart {
    /// Everything that happens in their story, in order, as seen from `now`.
    /// - Parameter place: how many people their supporter has before them, so that nobody is in two places at once.
    func scenes(now: Instant, place: Int, in demonstration: Demonstration, _ timetable: Timetable) throws -> [Scene] {
        var dice = Dice(id)
        let start = arrival(now: now, timetable, &dice)
        var plot = Plot(from: start, until: now.adding(minutes: -2), timetable, dice)
        plot.add(.arrive, at: start)
        switch story {
        case .new, .late: break
        case .consent:
            plot.accept()
            plot.tryContact(attempts ?? [])
        case .matching:
            plot.approach(
                self, by: now.adding(hours: -plot.dice.number(in: firstNo == nil ? 6...56 : 70...100)))
            plot.hearNo(self)
        case .waiting: plot.waitInLine(self)
        case .answers:
            plot.approach(
                self, by: now.adding(hours: -plot.dice.number(in: firstNo == nil ? 50...100 : 120...150)))
            plot.hearNo(self)
            plot.then(.propose, after: 12, .office)
            plot.then(.sayYes(yes == "supporter" ? .supporter : .participant), after: 5, .waking)
        case .firstContact:
            plot.meet(self, by: now.adding(hours: -plot.dice.number(in: 14...62)))
            try plot.planFirstContact(self, place, in: demonstration)
        case .support:
            plot.meet(self, by: start.adding(hours: plot.dice.number(in: 110...190)))
            try plot.support(self, place, in: demonstration)
        case .cancellation:
            plot.accept()
            plot.then(.openAccount, after: 20, .waking)
            plot.go(to: max(plot.at, now.adding(hours: -20)))
            plot.then(.askToStop, after: 2, .waking)
        case .cancelled:
            plot.accept()
            plot.then(.openAccount, after: 20, .waking)
            plot.then(.askToStop, after: 30, .waking)
            plot.then(.confirmStop, after: 3, .office)
        case .declined: plot.decline(self)
        case .saidNo:
            plot.accept()
            plot.tryContact(attempts ?? [])
            plot.then(.sayNoToSupport, after: 0.1)
            plot.then(.decline("person-declined"), after: 0.1)
        case .merged: plot.then(.merge, after: 3, .office)
        case .completed: try plot.complete(self, place, now, in: demonstration)
        case .reopened:
            try plot.complete(self, place, now, in: demonstration)
            try plot.comeBack(self, place, now, in: demonstration)
        case .withdrawn: try plot.withdraw(self, place, now, in: demonstration)
        }
        return plot.inOrder
    }

    /// Hospitals and offices send by day, a night nurse by night, and people when they get to it.
    private func arrival(now: Instant, _ timetable: Timetable, _ dice: inout Dice) -> Instant {
        guard daysAgo >= 1 else { return now.adding(hours: -24 * daysAgo) }
        var day = timetable.clock.day(of: now).adding(days: -Int(daysAgo))
        let minutes: Int
        switch door {
        case .partner: minutes = dice.number(in: 9 * 60...19 * 60)
        case .referrer(1): minutes = dice.number(in: 21 * 60...23 * 60 + 50)
        case .referrer:
            if day.weekday > 4, daysAgo > 6 { day = day.adding(days: day.weekday == 5 ? -1 : -3) }
            minutes = dice.number(in: 8 * 60...17 * 60 + 30)
        case .own:
            minutes = dice.comes(0.25) ? dice.number(in: 20...5 * 60) : dice.number(in: 7 * 60...23 * 60)
        }
        // Before the clock starts that the story says has run out.
        return min(timetable.moment(day, minutes), now.adding(hours: -24 * daysAgo + 10))
    }
}

extension Plot {
    mutating func accept() { then(.accept, after: dice.number(in: 1...4), .office) }

    /// Tries at the hours after the acceptance that the content names.
    mutating func tryContact(_ attempts: [ParticipantPart.Attempt]) {
        let start = at
        for attempt in attempts {
            guard let channel = ContactChannel.Kind(rawValue: attempt.channel) else { continue }
            let hours = max(start.adding(hours: attempt.hoursAfter).hours(since: at), 0.5)
            then(.tryContact(channel, outcome: attempt.outcome), after: hours, .waking)
        }
    }

    /// From the acceptance to a yes, which comes at about `moment`.
    mutating func approach(_ part: ParticipantPart, by moment: Instant) {
        let last = end
        accept()
        end = min(max(moment, at.adding(hours: 3)), last)
        let span = max(end.hours(since: at), 1)
        let channel: ContactChannel.Kind? = part.phone != nil ? .phone : part.email != nil ? .email : nil
        if let channel, dice.comes(0.35) {
            then(.tryContact(channel, outcome: "no-answer"), after: span * 0.2, .waking)
        }
        if part.email != nil {
            if let channel { then(.tryContact(channel, outcome: "reached"), after: span * 0.3, .waking) }
            then(.tell, after: 0.3)
            let yes = max(end.adding(hours: -0.5), at.adding(hours: 0.5))
            end = last
            go(to: yes)
            then(.openAccount, after: 0, .waking)
            then(.consent, after: 0.2)
        } else {
            // Spoken, in their first talk; the letter with their way in comes a day later.
            go(to: max(end.adding(hours: -0.5), at.adding(hours: 0.2)))
            end = last
            if let channel { then(.tryContact(channel, outcome: "reached"), after: 0, .waking) }
            then(.tell, after: 0.2)
            then(.consent, after: 0.1)
            then(.openAccount, after: 12, .waking)
        }
    }

    /// A first suggestion comes to nothing, and the next one is looked for.
    mutating func hearNo(_ part: ParticipantPart) {
        guard let side = part.firstNo.flatMap(Match.Side.init(rawValue:)) else { return }
        then(.proposeAnother, after: 6, .office)
        then(.sayNo(side), after: 8, .waking)
    }

    /// Until both have said yes to each other, at about `moment`.
    mutating func meet(_ part: ParticipantPart, by moment: Instant) {
        let last = end
        approach(part, by: at.adding(hours: moment.hours(since: at) * 0.45))
        hearNo(part)
        then(.propose, after: max(moment.hours(since: at), 0) * 0.25, .office)
        end = min(max(moment, at.adding(hours: 5)), last)
        let first: Match.Side = dice.comes(0.5) ? .supporter : .participant
        then(.sayYes(first), after: end.hours(since: at) * 0.4, .waking)
        go(to: max(at, end.adding(hours: -1)))
        end = last
        then(.sayYes(first == .supporter ? .participant : .supporter), after: 0.2, .waking)
    }

    /// Nobody is free; the coordinator looks again every week.
    mutating func waitInLine(_ part: ParticipantPart) {
        let last = end
        approach(part, by: at.adding(hours: dice.number(in: 50...80)))
        then(.wait, after: dice.number(in: 18...34), .office)
        while at.adding(hours: 7 * 24) < last {
            then(.wait, after: dice.number(in: 6...7) * 24 - 6, .office)
        }
    }

    mutating func decline(_ part: ParticipantPart) {
        let reason = part.declineReason ?? "not-eligible"
        if let attempts = part.attempts, !attempts.isEmpty {
            accept()
            tryContact(attempts)
            then(.decline(reason), after: 9 * 24, .office)
        } else {
            then(.decline(reason), after: reason == "needs-clinical-care" ? 0.8 : 5, .office)
        }
    }

    mutating func complete(
        _ part: ParticipantPart, _ place: Int, _ now: Instant, in demonstration: Demonstration
    ) throws {
        let last = end
        meet(part, by: at.adding(hours: dice.number(in: 110...190)))
        end = timetable.next(.office, from: now.adding(hours: -24 * (part.closedDaysAgo ?? 30)), spread: 150)
        try talk(part, place, in: demonstration)
        let closing = end
        end = last
        go(to: closing)
        then(.close(part.outcome ?? "support-completed"))
        if part.feedback != nil { then(.giveFeedback, after: dice.number(in: 20...110), .waking) }
    }

    mutating func comeBack(
        _ part: ParticipantPart, _ place: Int, _ now: Instant, in demonstration: Demonstration
    ) throws {
        guard let again = part.reopened else { return }
        go(to: now.adding(hours: -24 * again.daysAgo))
        then(.reopen, after: 0, .office)
        guard again.then != .new else { return }
        accept()
        guard again.then != .consent else { return }
        then(.consent, after: dice.number(in: 20...40), .waking)
        guard again.then == .support else { return }
        then(.propose, after: 10, .office)
        then(.sayYes(.supporter), after: 4, .waking)
        then(.sayYes(.participant), after: 9, .waking)
        try support(part, place, in: demonstration)
    }

    mutating func withdraw(
        _ part: ParticipantPart, _ place: Int, _ now: Instant, in demonstration: Demonstration
    ) throws {
        let last = end
        meet(part, by: at.adding(hours: dice.number(in: 110...190)))
        end = timetable.next(.waking, from: now.adding(hours: -24 * (part.withdrawnDaysAgo ?? 20)), spread: 200)
        try talk(part, place, in: demonstration)
        go(to: end)
        end = last
        then(.withdraw)
        then(.close("moved-on"), after: 26, .office)
    }
}
