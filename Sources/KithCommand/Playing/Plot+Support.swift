import Kith

/// Somebody being supported, as far as their contacts are concerned.
struct Supported {
    let part: ParticipantPart
    let supporter: SupporterPart
    let thread: MessageThread?
    let notes: [NoteText]
    let shortNotes: [NoteText]
    let siteName: String
    /// When both have time; a little apart for each person of the same supporter.
    let hours: Timetable.Hours

    init(_ part: ParticipantPart, _ place: Int, in demonstration: Demonstration) throws {
        self.part = part
        supporter = try demonstration.supporter(of: part)
        thread = try part.conversation.map { id in
            guard let thread = demonstration.threads[id] else { throw Fault("the demonstration has no thread \(id)") }
            return thread
        }
        notes = try (part.notes ?? []).map { id in
            guard let note = demonstration.notes[id] else { throw Fault("the demonstration has no note \(id)") }
            return note
        }
        let language = part.language == "es" && supporter.languages.contains("es") ? "es" : "en"
        let program = demonstration.house.programs.first { $0.code == part.program }
        siteName =
            demonstration.house.sites.first { $0.code == program?.site }?.name ?? demonstration.house.organization.name
        hours = Self.hours(part.wishes.hours, supporter.hours, place)
        let shared = part.wishes.formats.filter(supporter.formats.contains)
        let spoken = demonstration.shortNotes.filter { $0.language == language }
        let fitting = spoken.filter { shared.contains($0.mode) }
        shortNotes = fitting.isEmpty ? spoken : fitting
    }

    private static func hours(_ wished: [WeekHours], _ offered: [WeekHours], _ place: Int) -> Timetable.Hours {
        let common = offered.flatMap { offer in
            wished.filter { $0.weekday == offer.weekday }.map {
                WeekHours(weekday: offer.weekday, from: max($0.from, offer.from), to: min($0.to, offer.to))
            }
        }.filter { $0.from < $0.to }
        let hours = common.isEmpty ? offered : common
        guard !hours.isEmpty else { return .waking }
        return .given(
            hours.map { WeekHours(weekday: $0.weekday, from: $0.from + place % ($0.to - $0.from), to: $0.to) })
    }

    /// Whether a contact of this kind can be planned: messages need no appointment, calls a yes to calls.
    func canPlan(_ mode: Format) -> Bool {
        mode == .phone ? part.consents?.phone == true : mode != .messages
    }

    /// How they will meet next, if they plan it at all.
    var nextMode: Format? { part.wishes.formats.first { supporter.formats.contains($0) && canPlan($0) } }

    func plan(_ mode: Format, at moment: Instant, _ dice: inout Dice) -> Encounter.Plan {
        switch mode {
        case .inPerson:
            let places = [
                siteName, "The café across from \(siteName)", "The library, by the front door",
                "The lake path, at the boathouse"
            ]
            return Encounter.Plan(mode: mode, startsAt: moment, place: places[dice.number(in: 0...places.count - 1)])
        case .video:
            let letters = Array("bcdfghjkmnpqrstvwxyz")
            let name = String((0..<10).map { _ in letters[dice.number(in: 0...letters.count - 1)] })
            return Encounter.Plan(mode: mode, startsAt: moment, place: "https://meet.example.org/\(name)")
        case .phone, .messages:
            return Encounter.Plan(mode: mode, startsAt: moment)
        }
    }
}

extension Plot {
    /// How far the newest contact has come, and what comes next, in turn for one person after the other.
    private enum Ahead { case planned, nothing, missed, calledOff }
    private enum LastNote { case signed, answered, offered, draft }
    private static let turns: [(Ahead, LastNote)] = [
        (.planned, .signed), (.nothing, .offered), (.missed, .signed), (.calledOff, .signed), (.planned, .draft),
        (.planned, .signed), (.planned, .answered), (.nothing, .signed), (.planned, .offered), (.planned, .signed)
    ]

    /// Contacts and messages from here to the end of the plot, all of them finished.
    mutating func talk(_ part: ParticipantPart, _ place: Int, in demonstration: Demonstration) throws {
        let supported = try Supported(part, place, in: demonstration)
        let start = at
        converse(supported, from: start)
        hold(supported, from: start, last: .signed, isClosing: true)
    }

    /// The same up to the present, where not everything is finished.
    mutating func support(_ part: ParticipantPart, _ place: Int, in demonstration: Demonstration) throws {
        let supported = try Supported(part, place, in: demonstration)
        let turn = demonstration.participants.filter { $0.story == part.story }.firstIndex { $0.id == part.id } ?? 0
        let (ahead, last) = Self.turns[turn % Self.turns.count]
        let start = at
        converse(supported, from: start)
        let latest = hold(supported, from: start, last: last, isClosing: false)
        look(ahead, supported, after: latest, isToday: place == 0)
    }

    /// Both have said yes; the first contact is still to come.
    mutating func planFirstContact(_ part: ParticipantPart, _ place: Int, in demonstration: Demonstration) throws {
        let supported = try Supported(part, place, in: demonstration)
        let turn = demonstration.participants.filter { $0.story == part.story }.firstIndex { $0.id == part.id } ?? 0
        look([.planned, .nothing, .missed][turn % 3], supported, after: at, isToday: place == 0)
    }

    // MARK: - Contacts

    /// A contact about every three weeks, the first soon after the beginning and the last not long before the end.
    /// - Returns: when the last one ended.
    @discardableResult
    private mutating func hold(
        _ supported: Supported, from start: Instant, last: LastNote, isClosing: Bool
    ) -> Instant {
        let first = start.adding(hours: dice.number(in: 14...44))
        // Where everything is to be finished, there has to be time for its note.
        let margin = isClosing ? 84.0 : 1.8
        let latest = end.adding(hours: -24 * dice.number(in: 4...9))
        let span = max(latest.hours(since: first), 0)
        let count = max(1 + Int((span / (24 * Double(Self.daysBetweenContacts))).rounded()), supported.notes.count)
        var moment = start
        for number in 0..<count {
            let share = count == 1 ? (supported.part.story == .support ? 1 : 0) : Double(number) / Double(count - 1)
            let wanted = max(first.adding(hours: span * share), moment.adding(hours: 20))
            var starts = timetable.next(supported.hours, from: wanted).roundedUp(toMinutes: 15)
            if starts > end.adding(hours: -margin) {
                starts = timetable.next(.waking, from: wanted).roundedUp(toMinutes: 15)
            }
            guard starts < end.adding(hours: -margin) || number == 0 else { break }
            moment = hold(
                note(number, of: count, supported), at: starts, supported, after: moment,
                last: number == count - 1 ? last : .signed)
        }
        return moment
    }

    static let daysBetweenContacts = 21

    /// Their own notes for the newest contacts, evenly spread; short ones for the others.
    private func note(_ number: Int, of count: Int, _ supported: Supported) -> NoteText {
        let own = supported.notes.count
        for (index, note) in supported.notes.enumerated() where number == (index + 1) * count / own - 1 { return note }
        // One after the other, so that nobody reads the same twice.
        let offset = supported.part.birthYear ?? 0
        return supported.shortNotes[(offset + contacts) % supported.shortNotes.count]
    }

    private mutating func hold(
        _ note: NoteText, at starts: Instant, _ supported: Supported, after before: Instant, last: LastNote
    ) -> Instant {
        let number = contacts
        contacts += 1
        let planned = max(
            before.adding(minutes: 15), timetable.next(.waking, from: starts.adding(hours: -dice.number(in: 30...120))))
        let isPlanned = supported.canPlan(note.mode) && planned.adding(minutes: 60) < starts && dice.comes(0.85)
        var scenes: [Scene] = []
        if isPlanned {
            scenes.append(Scene(at: planned, deed: .plan(number, supported.plan(note.mode, at: starts, &dice))))
        }
        let over = starts.adding(minutes: note.minutes + dice.number(in: 3...15))
        scenes.append(Scene(at: over, deed: .hold(number, note, isPlanned: isPlanned)))
        let written = timetable.next(.waking, from: over.adding(minutes: dice.number(in: 8...70)), spread: 20)
        if last == .draft {
            scenes.append(Scene(at: written, deed: .draftNote(number, note)))
        } else {
            scenes.append(Scene(at: written, deed: .offerNote(number, note)))
        }
        if last == .answered || last == .signed {
            let answered = timetable.next(.waking, from: written.adding(hours: dice.number(in: 1...30)), spread: 40)
            scenes.append(Scene(at: answered, deed: .answerNote(number, note)))
            // What somebody does not agree to have on record is not signed.
            if last == .signed, note.answer != .declined {
                let signed = timetable.next(.waking, from: answered.adding(hours: dice.number(in: 1...26)), spread: 40)
                scenes.append(Scene(at: signed, deed: .signNote(number)))
            }
        }
        weave(scenes)
        return over
    }

    // MARK: - What comes next

    private mutating func look(_ ahead: Ahead, _ supported: Supported, after moment: Instant, isToday: Bool) {
        guard let mode = supported.nextMode, ahead != .nothing else { return }
        let number = contacts
        contacts += 1
        let decided = timetable.next(.waking, from: max(moment.adding(minutes: 20), end.adding(hours: -44)))
        let planned = decided < end.adding(hours: -2) ? decided : max(moment, end.adding(hours: -3)).adding(minutes: 5)
        let soon = timetable.next(.waking, from: end.adding(minutes: 70)).roundedUp(toMinutes: 30)
        let later = timetable.next(supported.hours, from: end.adding(hours: dice.number(in: 3...150)))
            .roundedUp(toMinutes: 15)
        switch ahead {
        case .nothing: break
        case .planned:
            let starts = isToday ? soon : later
            weave([Scene(at: planned, deed: .plan(number, supported.plan(mode, at: starts, &dice)))])
        case .calledOff:
            let off = Instant(milliseconds: (planned.milliseconds + end.milliseconds) / 2)
            weave([
                Scene(at: planned, deed: .plan(number, supported.plan(mode, at: later, &dice))),
                Scene(at: off, deed: .callOff(number))
            ])
        case .missed:
            let starts = planned.adding(hours: max(end.hours(since: planned) / 2, 0.2)).roundedUp(toMinutes: 5)
            weave([
                Scene(at: planned, deed: .plan(number, supported.plan(mode, at: starts, &dice))),
                Scene(at: starts.adding(minutes: 15), deed: .miss(number))
            ])
        }
    }

    // MARK: - Messages

    private mutating func converse(_ supported: Supported, from start: Instant) {
        guard let thread = supported.thread else { return }
        let begin = beginning(of: thread, after: start.adding(hours: 1), recent: supported.part.story == .support)
        var (moment, scenes): (Instant, [Scene]) = (begin, [])
        for (index, line) in thread.messages.enumerated() {
            // Whole minutes would look like a machine.
            moment = moment.adding(seconds: index == 0 ? 0 : line.gapMinutes * 60 + dice.number(in: 0...40))
            scenes.append(Scene(at: moment, deed: .write(line)))
        }
        let isRecent = moment > end.adding(hours: -96)
        if let last = thread.messages.last, !isRecent || dice.comes(0.6) {
            let read = timetable.next(.waking, from: moment.adding(minutes: dice.number(in: 4...240)))
            scenes.append(Scene(at: read, deed: .readMessages(bySupporter: !last.isSupporters)))
        }
        weave(scenes)
    }

    /// The weekday and time of day at which the first line was written, so that the last one is not in the future.
    private mutating func beginning(of thread: MessageThread, after start: Instant, recent: Bool) -> Instant {
        let parts = thread.at.split(separator: ":").compactMap { Int($0) }
        let minutes = (parts.first ?? 12) * 60 + (parts.last ?? 0)
        let latest = end.adding(minutes: -thread.minutes - 60)
        let first = timetable.clock.day(of: start)
        let days = max(timetable.clock.day(of: latest).daysSince1970 - first.daysSince1970, 0)
        let moments = (0...days).map { first.adding(days: $0) }
            .map { (weekday: $0.weekday, at: timetable.moment($0, minutes)) }.filter { $0.at > start && $0.at < latest }
        let onDay = moments.filter { $0.weekday == thread.weekday }
        let choice = onDay.isEmpty ? moments : onDay
        guard let last = choice.last else { return start }
        return recent && dice.comes(0.6) ? last.at : choice[dice.number(in: 0...choice.count - 1)].at
    }
}

extension Instant {
    func roundedUp(toMinutes minutes: Int) -> Instant {
        let step = Int64(minutes) * 60_000
        return Instant(milliseconds: (milliseconds + step - 1) / step * step)
    }
}
