import Kith
import Storage

extension Stage {
    /// Sets the organization up: its programs by the program itself, its people by its administrator, and each of them
    /// comes in by their invitation.
    static func open(_ demonstration: Demonstration, on platform: Platform, now: Instant) async throws -> Stage {
        let organization = Organization.ID(platform.world.newIdentifier())
        let passwordHash = try await Password.hash(Entrance.passphrase, in: platform.world)
        var stage = Stage(
            platform: platform, demonstration: demonstration, now: now, organization: organization,
            entrance: Entrance(platform, organization, passwordHash: passwordHash))
        let moment = now.adding(days: -345)
        try await stage.openPrograms(at: moment)
        let administrator = try await stage.addAdministrator(at: moment.adding(hours: 1))
        try await stage.addStaff(by: administrator, at: moment.adding(days: 1))
        try await stage.addSupporters(by: administrator)
        return stage
    }

    private mutating func openPrograms(at moment: Instant) async throws {
        let house = demonstration.house
        let tokens = house.partners.map { _ in platform.world.newSecret() }
        let opened = try await setUp(at: moment) { db in
            _ = try Organization.open(
                named: house.organization.name, slug: house.organization.slug, timeZone: house.organization.timeZone,
                locale: house.organization.locale, in: db)
            var sites: [String: Site.ID] = [:]
            for site in house.sites { sites[site.code] = try Organization.addSite(named: site.name, in: db) }
            var programs: [String: Program.ID] = [:]
            for program in house.programs {
                let id = try Program.open(
                    named: program.name, summary: program.summary, at: sites[program.site],
                    policy: Policy(eligibility: program.eligibility, topics: program.words),
                    topics: program.topics.map { Topic(code: $0.code, name: $0.name) }, in: db)
                programs[program.code] = id
            }
            var hospitals: [String: Hospital] = [:]
            for (partner, token) in zip(house.partners, tokens) {
                guard let program = programs[partner.program] else { continue }
                let id = try Organization.addPartner(named: partner.name, sendingTo: program, token: token, in: db)
                hospitals[partner.code] = Hospital(id: id, token: token, name: partner.name)
            }
            return (programs: programs, hospitals: hospitals)
        }
        (programs, hospitals) = (opened.programs, opened.hospitals)
        texts = try await platform.read(as: .system(organization), access: .anyone) { db in
            try opened.programs.mapValues { program in
                let texts = try ConsentText.usualLanguages.map { language in
                    let texts = try ConsentText.current(of: program, for: language, in: db)
                    return (language, Dictionary(texts.map { ($0.purpose, $0.id) }) { $1 })
                }
                return Dictionary(texts) { $1 }
            }
        }
    }

    private func addAdministrator(at moment: Instant) async throws -> Person.ID {
        let (part, organization, programs) = (demonstration.house.administrator, organization, Array(programs.values))
        let secret = platform.world.newSecret()
        let person = try await setUp(at: moment) { db in
            let person = try Person.add(PersonDraft(name: part.name), to: organization, in: db)
            for program in programs {
                try Person.give(.administrator, in: program, to: person, of: organization, in: db)
            }
            try Invitation.send(to: person, of: organization, secret: secret, in: db)
            return person
        }
        try await comeIn(with: secret, login: part.email, at: moment.adding(minutes: 20))
        return person
    }

    private mutating func addStaff(by administrator: Person.ID, at moment: Instant) async throws {
        let house = demonstration.house
        func hire(_ staff: Demonstration.House.Staff, _ role: Role, _ index: Int) async throws -> Staff {
            let person = try await add(
                PersonDraft(name: staff.name), as: role, in: [try program(staff.program ?? "")], login: staff.email,
                by: administrator, at: moment.adding(minutes: 7 * index))
            return Staff(person: person, name: staff.name)
        }
        for (index, staff) in house.coordinators.enumerated() {
            coordinators[staff.program ?? "", default: []].append(try await hire(staff, .coordinator, index))
        }
        for (index, staff) in house.supervisors.enumerated() {
            supervisors[staff.program ?? ""] = try await hire(staff, .supervisor, 6 + index)
        }
        for (index, staff) in house.referrers.enumerated() {
            referrers[staff.number ?? index] = try await hire(staff, .referrer, 9 + index).person
        }
    }

    /// Supporters say themselves what they bring; a coordinator confirms what anyone may know.
    private mutating func addSupporters(by administrator: Person.ID) async throws {
        let stage = self
        let added = try await withThrowingTaskGroup(of: (String, Person.ID).self) { group in
            for part in demonstration.supporters {
                group.addTask { (part.id, try await stage.add(part, by: administrator)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        supporters = added
    }

    private func add(_ part: SupporterPart, by administrator: Person.ID) async throws -> Person.ID {
        var dice = Dice(part.id)
        let first = demonstration.participants.filter { $0.supporter == part.id }.map(\.daysAgo).max() ?? 60
        let days = min(Int(first) + dice.number(in: 8...70), 330)
        let timetable = Timetable(zone: demonstration.house.organization.timeZone)
        let moment = timetable.next(.office, from: now.adding(days: -days), spread: dice.number(in: 0...240))
        let draft = PersonDraft(
            name: part.name, called: part.called, language: part.languages.first ?? "en", birthYear: part.birthYear,
            gender: part.gender, culture: part.culture,
            channels: [ContactChannel(kind: .email, address: part.email, mayLeaveMessage: true)])
        let programs = try part.programs.map { try program($0) }
        let person = try await add(
            draft, as: .supporter, in: programs, login: part.email, by: administrator, at: moment)
        let profile = Supporter.Profile(
            introduction: part.introduction, limit: part.limit, formats: part.formats,
            areas: part.areas.compactMap { demonstration.area($0) }, languages: part.languages, hours: part.hours,
            statements: part.lived.map { .init($0.code, .lived, shownTo: $0.shownTo) }
                + part.notTaken.map { .init($0, .notTaken, shownTo: .nobody) })
        try await act(person, at: moment.adding(hours: 3)) { try Supporter.keepOwn(profile, in: $0) }
        guard let coordinator = part.programs.first.flatMap({ coordinators[$0]?.first }) else { return person }
        for lived in part.lived where lived.shownTo == .anyone && dice.comes(0.75) {
            try await act(coordinator.person, at: timetable.next(.office, from: moment.adding(days: 2))) { db in
                try Supporter.attest(lived.code, of: person, in: db)
            }
        }
        return person
    }

    /// The administrator adds somebody, who comes in by their invitation.
    private func add(
        _ draft: PersonDraft, as role: Role, in programs: [Program.ID], login: String, by administrator: Person.ID,
        at moment: Instant
    ) async throws -> Person.ID {
        let (organization, secret) = (organization, platform.world.newSecret())
        let person = try await act(administrator, at: moment) { db in
            let person = try Person.add(draft, to: organization, in: db)
            for program in programs { try Person.give(role, in: program, to: person, of: organization, in: db) }
            try Invitation.send(to: person, of: organization, secret: secret, in: db)
            return person
        }
        try await comeIn(with: secret, login: login, at: moment.adding(hours: 2))
        return person
    }

    /// Somebody uses their invitation.
    func comeIn(with secret: Secret, login: String, at moment: Instant) async throws {
        let hash = entrance.passwordHash
        _ = try await actAsVisitor(at: moment) { db in
            try Invitation.accept(secret.hash, login: login, passwordHash: hash, in: db)
        }
    }
}
