import Storage
import Web

/// The coordinator's roster: who supports people, how many, in which languages, and who is away.
package struct RosterScreen: Screen {
    package static let template = "supporters/roster"

    let supporters: [Supporter]
    let withoutProfile: [String]

    package init(in db: Reading) throws {
        let programs = db.coordinated
        supporters = try Supporter.all(of: programs, in: db)
        withoutProfile = try Supporter.withoutProfile(in: programs, db: db).map { person, name in
            db.disclose(.listed, of: person)
            return name
        }
        for supporter in supporters { db.disclose(.listed, of: supporter.person) }
    }

    package func title(_ words: Words) -> String { words("supporters.roster.title") }

    package func shown(_ words: Words) -> Value {
        let sorted = supporters.sorted { ($0.name, $0.person) < ($1.name, $1.person) }
        return [
            "lines": .list(sorted.map { $0.shownLine(words) }),
            "waiting": .list(withoutProfile.map(Value.text)),
            "empty": .flag(supporters.isEmpty && withoutProfile.isEmpty)
        ]
    }
}

/// One supporter, as the coordinator may see them.
package struct SupporterScreen: Screen {
    package static let template = "supporters/supporter"

    let supporter: Supporter
    /// What was ever said about their being with people who are under age, the latest first.
    let clearances: [Clearance]
    /// The day by which clearances count.
    let day: Day
    let isOwn: Bool
    let form: Form
    let errors: FieldErrors

    package init(
        _ person: Person.ID, _ form: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        supporter = try Supporter.find(person, in: db)
        clearances = try Clearance.all(of: person, in: db.organization, db: db)
        (day, isOwn) = (db.now.countedDay, db.actor.person == person)
        (self.form, self.errors) = (form, errors)
    }

    package func title(_ words: Words) -> String { words("supporters.one.title") }

    package func shown(_ words: Words) -> Value {
        let profile = supporter.profile
        let named = profile.statements.filter { $0.kind == .lived && $0.name != nil }
        return [
            "supporter": supporter.shownLine(words),
            "introduction": profile.introduction.isEmpty ? .nothing : .text(profile.introduction),
            "areas": profile.areas.isEmpty ? .nothing : .text(words.list(profile.areas)),
            "hours": .list(profile.hours.map { .text(words.hours($0)) }),
            "since": .text(words.day(supporter.since)), "clearance": clearance(words),
            "invalid": .flag(!errors.isEmpty),
            "statements": .list(
                named.map { statement in
                    [
                        "name": Value(statement.name), "topic": .text(statement.topic),
                        "attested": statement.attestedBy.map {
                            .text(words("supporters.one.attested", ["name": $0]))
                        } ?? .nothing
                    ]
                })
        ]
    }
}

extension Supporter {
    /// What stands in a list of supporters.
    func shownLine(_ words: Words) -> Value {
        [
            "path": .text("/supporters/\(person)"), "name": .text(name),
            "concernPath": .text("/concerns/new?supporter=\(person)"),
            "load": .text(words("supporters.load", ["load": String(load), "limit": String(profile.limit)])),
            "full": .flag(isFull),
            "away": pause.map { .text($0.said(words)) } ?? .nothing,
            "languages": .text(words.list(profile.languages.map(words.language))),
            "formats": .text(words.list(profile.formats.map(words.format)))
        ]
    }
}

extension Supporter.Pause {
    /// “Away until Sunday, May 3”, or only that they are away.
    func said(_ words: Words) -> String {
        returnsOn.map { words("supporters.away-until", ["day": words.day($0)]) } ?? words("supporters.away")
    }
}
