import Kith

/// One thing that happens in somebody's story, and when.
struct Scene: Sendable {
    let at: Instant
    let deed: Deed
}

/// What happens: what one person does on one page, or a hospital's system sends.
enum Deed: Sendable {
    case arrive
    case accept
    case tryContact(ContactChannel.Kind, outcome: String)
    /// They told their coordinator about themselves and what they wish for.
    case tell
    case openAccount
    case consent
    case sayNoToSupport
    case wait
    case propose
    case sayYes(Match.Side)
    /// Somebody else than the supporter they get in the end, if anybody has time.
    case proposeAnother
    case sayNo(Match.Side)
    /// The number says which contact of the story.
    case plan(Int, Encounter.Plan)
    case hold(Int, NoteText, isPlanned: Bool)
    case miss(Int)
    case callOff(Int)
    case draftNote(Int, NoteText)
    case offerNote(Int, NoteText)
    case answerNote(Int, NoteText)
    case signNote(Int)
    case write(MessageThread.Line)
    case readMessages(bySupporter: Bool)
    case askToStop
    case confirmStop
    case decline(String)
    case merge
    case close(String)
    case giveFeedback
    case withdraw
    case reopen
}

/// A story in the making: what happens when, in order, all of it before a certain moment.
struct Plot {
    let timetable: Timetable
    private(set) var scenes: [Scene] = []
    /// When the last thing happened.
    private(set) var at: Instant
    /// Everything happens before this.
    var end: Instant
    var dice: Dice
    /// How many contacts it has so far.
    var contacts = 0

    init(from start: Instant, until end: Instant, _ timetable: Timetable, _ dice: Dice) {
        (at, self.end, self.timetable, self.dice) = (start, end, timetable, dice)
    }

    /// The next thing, so many hours after the last, or when people do such things after that. Where there is no time
    /// left for it, it happens earlier, so that the story still comes as far as it goes.
    mutating func then(_ deed: Deed, after hours: Double = 0, _ window: Timetable.Hours? = nil) {
        let wanted = at.adding(hours: hours)
        let spread = dice.number(in: 0...50)
        var moment = window.map { timetable.next($0, from: wanted, spread: spread) } ?? wanted
        if moment >= end { moment = timetable.next(.waking, from: wanted, spread: spread) }
        if moment >= end { moment = wanted }
        if moment >= end { moment = Instant(milliseconds: (at.milliseconds + end.milliseconds) / 2) }
        add(deed, at: max(moment, at.adding(seconds: 20)))
    }

    mutating func add(_ deed: Deed, at moment: Instant) {
        scenes.append(Scene(at: moment, deed: deed))
        at = moment
    }

    /// Goes on at another moment.
    mutating func go(to moment: Instant) { at = min(moment, end.adding(minutes: -4)) }

    /// What happened beside the rest: those who write to each other also call each other. What would come too late is
    /// left out with all that follows from it.
    mutating func weave(_ other: [Scene]) {
        scenes += other.prefix { $0.at < end }
    }

    /// In the order of time; what happens at one moment in the order it was told.
    var inOrder: [Scene] {
        scenes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }
}
