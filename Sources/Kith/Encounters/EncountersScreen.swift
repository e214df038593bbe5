import Web

/// A list of contacts: what is planned, then what is past. One's own, or for staff those of a referral.
package struct EncountersScreen: Screen {
    package static let template = "encounters/list"

    /// How many lines of the past a page has, and how many planned ones are shown at most.
    static let pageSize = 25

    let me: Person.ID?
    let referral: Referral.ID?
    /// With whom staff may plan for a supporter.
    let match: Match.ID?
    let planned: [Encounter]
    let past: [Encounter]
    let next: Encounter?
    /// One's own, in groups.
    let groups: [GroupContact]
    /// Whether it is shown, and printed, in larger letters.
    let isLarge: Bool

    /// - Parameters:
    ///   - referral: set for staff.
    ///   - after: the last line of the page before, by its time and identifier; then only the past is shown.
    package init(
        of referral: Referral.ID? = nil, after: (startsAt: Instant, id: Encounter.ID)? = nil,
        isLarge: Bool = false, in db: Reading
    ) throws {
        self.isLarge = isLarge
        me = db.actor.person
        self.referral = referral
        if let referral { _ = try Referral.find(referral, in: db) }
        match = try referral.flatMap { try ActiveMatch.first(of: $0, db)?.id }
        let scope = referral.map(Encounter.Scope.referral) ?? .mine
        planned = try after == nil ? Encounter.list(scope, past: false, limit: Self.pageSize, in: db) : []
        let found = try Encounter.list(scope, past: true, after: after, limit: Self.pageSize + 1, in: db)
        past = Array(found.prefix(Self.pageSize))
        next = found.count > Self.pageSize ? past.last : nil
        groups = try referral == nil && after == nil && db.actor.has(.participant) ? GroupContact.mine(in: db) : []
    }

    package func title(_ words: Words) -> String { words("encounters.list.title") }

    package func shown(_ words: Words) -> Value {
        let prefix = referral.map { "/encounters?referral=\($0)&" } ?? "/encounters?"
        return [
            "planned": .list(planned.map { line($0, words) }), "past": .list(past.map { line($0, words) }),
            "groups": .list(groups.map { group($0, words) }), "hasGroups": .flag(!groups.isEmpty),
            "empty": .flag(planned.isEmpty && past.isEmpty && groups.isEmpty),
            "nextPath": next.map { .text("\(prefix)after=\($0.startsAt)_\($0.id)") } ?? .nothing,
            "large": .flag(isLarge), "ownUsual": .flag(referral == nil && !isLarge),
            "printed": .text(words("papers.printed", ["day": words.dayAndYear(words.now)])),
            "referralPath": referral.map { .text("/referrals/\($0)") } ?? .nothing,
            "planPath": match.map { .text("/encounters/new?match=\($0)") } ?? .nothing
        ]
    }

    private func group(_ contact: GroupContact, _ words: Words) -> Value {
        [
            "when": .text(words.dayAndTime(contact.startsAt)),
            "minutes": .text(words("encounters.list.group-minutes", ["minutes": "\(contact.minutes)"])),
            "outcome": .text(words("running.outcome.\(contact.outcome.rawValue)"))
        ]
    }

    private func line(_ encounter: Encounter, _ words: Words) -> Value {
        let isTheirs = encounter.participant == me
        let both = ["one": encounter.supporterName, "other": encounter.participantName]
        let with =
            referral != nil
            ? words("encounters.both", both) : isTheirs ? encounter.supporterName : encounter.participantName
        return [
            "path": .text("/encounters/\(encounter.id)"), "when": .text(words.dayAndTime(encounter.startsAt)),
            "with": .text(with), "mode": .text(words("formats.\(encounter.mode.rawValue)")),
            "status": .text(words("encounters.status.\(encounter.status.rawValue)")),
            "late": .flag(!isTheirs && encounter.status == .planned && encounter.startsAt < words.now),
            "weekPath": .nothing
        ]
    }
}
