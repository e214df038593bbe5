import Foundation
import Storage
import Web

/// The product over one store: who asks is resolved, the work runs, what it did and showed is recorded, all in the
/// transaction that answers.
package struct Platform: Sendable {
    package let store: Store
    package private(set) var world: World
    package let hub: Hub
    /// The conversations that are open in this process.
    package private(set) var rooms = Rooms()
    /// Whether other processes are told of what happens here. They look for themselves besides; tests show that.
    package var tellsOthers = true
    package let features: [Feature]
    package let shelf: Shelf
    package let tries = SignInTries()
    package let codeTries = CodeTries()
    package let publicPosts = PublicPosts()
    /// How often somebody may type the code of a meeting.
    package let codeEntries = PublicPosts(burst: 10, secondsForOne: 60)
    /// How often a calendar may be asked for at one address: a phone asks every quarter of an hour at most.
    package let calendarReads = PublicPosts(burst: 60, secondsForOne: 60)
    /// The link with which a Kith without any organization is set up.
    package let setup = SetupDoor()
    /// How much somebody's browser may say to another's in a room.
    let videoSignals = PublicPosts(burst: 600, secondsForOne: 1)
    /// Whose log waits for its next page.
    let unsealed = Unsealed()
    package let urgentHelp = UrgentHelpBoard()
    /// Whether all it holds is made up, and it may show what only builders of Kith look at.
    package var isDemonstration = false
    /// Told how many statements each transaction took; tests set a ceiling.
    package var onTransaction: @Sendable (Int) -> Void = { _ in }
    /// Called before each statement of a write with its number; a test throws here, to stand for a crash.
    package var beforeStatement: (@Sendable (Int) throws -> Void)?

    private let reactions: [EventKind: [Reaction]]

    /// Takes a migrated store.
    /// - Throws: ``OpenError`` when the master keys in `world` are not those with which its texts were written.
    package static func open(
        _ store: Store, world: World, features: [Feature] = Features.all, shelf: Shelf
    ) async throws -> Platform {
        var world = world
        let fresh = world.newSecret()
        let vault = world.vault
        world.linkKey = try await store.write { writer in
            try vault.check(in: writer)
            try writer.run(
                """
                INSERT INTO installation_key (name, secret) VALUES ('links', \(fresh.text))
                ON CONFLICT (name) DO NOTHING
                """)
            let kept: String? = try writer.value("SELECT secret FROM installation_key WHERE name = 'links'")
            return Secret(presented: kept ?? fresh.text)
        }
        let platform = Platform(store: store, world: world, features: features, shelf: shelf)
        await platform.urgentHelp.read(from: platform)
        platform.store.hear { [hub = platform.hub] word in
            guard let word else { return hub.publishAll() }
            if let announcement = Announcement(word: word) { hub.publish([announcement]) }
        }
        return platform
    }

    private init(store: Store, world: World, features: [Feature], shelf: Shelf) {
        self.store = store
        self.world = world
        self.features = features
        self.shelf = shelf
        hub = Hub()
        reactions = features.reduce(into: [:]) { all, feature in
            for (kind, reaction) in feature.reactions { all[kind, default: []].append(reaction) }
        }
    }

    /// The same platform at another moment, for telling a story that has happened already.
    package func dated(_ instant: Instant) -> Platform {
        var dated = self
        dated.world.now = { instant }
        let random = world.randomBytes
        dated.world.newIdentifier = { World.identifier(at: instant, random(10)) }
        return dated
    }

    /// The same platform whose streams look for themselves as often as this.
    package func looking(every interval: Duration) -> Platform {
        var looking = self
        looking.rooms = Rooms(lookingEvery: interval)
        return looking
    }

    /// Wakes whoever waits for one of these, here and in other processes.
    func announce(_ announcements: Set<Announcement>) {
        hub.publish(announcements)
        if tellsOthers { store.tell(Set(announcements.map(\.word))) }
    }

    /// The same platform where something can be sent, on these channels.
    package func carrying(_ channels: Set<ContactChannel.Kind>) -> Platform {
        var carrying = self
        carrying.world.carries = channels
        return carrying
    }

    /// The same platform with what meetings by video stand on.
    package func meeting(through video: VideoServers) -> Platform {
        var meeting = self
        meeting.world.video = video
        return meeting
    }

    /// The same platform where text messages that people send come in, and where numbers without a country are in this
    /// one.
    package func receiving(texts desk: TextDesk?, country: String = "1") -> Platform {
        var receiving = self
        (receiving.world.textDesk, receiving.world.countryCode) = (desk, country)
        return receiving
    }

    /// Answers a question. When the answer tells of other people's records, that is durably logged before it leaves.
    /// - Parameter isPresence: whether it shows that somebody is at their browser.
    package func read<T: Sendable>(
        as credential: Credential, access: Access = .signedIn, isPresence: Bool = false,
        _ work: @escaping @Sendable (Reading) throws -> T
    ) async throws -> T {
        let world = world
        let answer = try await store.read { reader in
            let actor = try Actor.resolve(credential, at: world.now(), in: reader)
            try access.check(actor)
            let reading = Reading(reader, as: actor, in: world)
            let value = try work(reading)
            return (value: value, disclosures: reading.disclosures, actor: actor, statements: reader.statements)
        }
        onTransaction(answer.statements)
        let session = isPresence ? answer.actor.session.flatMap { $0.isDue(at: world.now()) ? $0 : nil } : nil
        if !answer.disclosures.isEmpty || session != nil {
            try await store.write { writer in
                if !answer.disclosures.isEmpty {
                    try Audit.append(answer.disclosures, by: answer.actor, at: world.now(), in: world, to: writer)
                }
                try session?.noteSeen(at: world.now(), in: writer)
            }
            if !answer.disclosures.isEmpty { unsealed.note(answer.actor.organization) }
        }
        return answer.value
    }

    /// Changes something. Returns when it is durable; then those who listen are waked.
    package func write<T: Sendable>(
        as credential: Credential, access: Access = .signedIn, isPresence: Bool = false,
        _ work: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        let (world, reactions, beforeStatement) = (world, reactions, beforeStatement)
        let done = try await store.write { writer in
            writer.beforeStatement = beforeStatement
            let actor = try Actor.resolve(credential, at: world.now(), in: writer)
            try access.check(actor)
            let writing = Writing(writer, as: actor, in: world)
            let value = try work(writing)
            try writing.react(with: reactions)
            // Structural, so that nobody can forget it: no change without a record of who did what.
            guard writing.rowsChanged == 0 || !writing.events.isEmpty else { throw Fault("a write recorded no event") }
            try Audit.append(writing.events, by: actor, at: writing.now, in: world, to: writer)
            if !writing.disclosures.isEmpty {
                try Audit.append(writing.disclosures, by: actor, at: writing.now, in: world, to: writer)
            }
            if isPresence, let session = actor.session, session.isDue(at: writing.now) {
                try session.noteSeen(at: writing.now, in: writer)
            }
            let houses = actor.organization.map { [$0] } ?? Set(writing.events.compactMap(\.organization))
            return (value: value, announcements: writing.announcements, statements: writer.statements, houses: houses)
        }
        for house in done.houses { unsealed.note(house) }
        onTransaction(done.statements)
        announce(done.announcements)
        return done.value
    }
}

/// What a feature does when another, which does not know it, records an event: in the same transaction.
package typealias Reaction = @Sendable (Event, Writing) throws -> Void

extension Writing {
    /// Runs the reactions to everything recorded, including what reactions record themselves.
    fileprivate func react(with reactions: [EventKind: [Reaction]]) throws {
        var next = 0
        while next < events.count {
            let event = events[next]
            next += 1
            for reaction in reactions[event.kind] ?? [] { try reaction(event, self) }
        }
    }
}

/// What pages are made of: templates and texts by locale, and assets. Loaded once.
package struct Shelf: Sendable {
    package let translations: Translations
    package let templates: [String: TemplateLibrary]
    package let assets: Assets
    package let commonPasswords: CommonPasswords

    /// Loads the product's own templates, texts and assets.
    /// - Throws: what is wrong with a template or a text, with its file and line.
    package static func load() throws -> Shelf {
        let folder = Bundle.module.resourcePath ?? Bundle.module.bundlePath
        let translations = try Translations(folder: folder + "/Strings")
        let assets = try Assets(folder: folder + "/Assets")
        let templates = try TemplateLibrary.libraries(
            in: folder + "/Templates", translations: translations, assets: assets)
        let commonPasswords = try CommonPasswords(file: folder + "/Passwords/common.bin")
        return Shelf(
            translations: translations, templates: templates, assets: assets, commonPasswords: commonPasswords)
    }
}

extension Platform {
    /// Does something for each, one after the other, so that one that fails holds up no other.
    /// - Throws: the first failure, after all have had their turn.
    func inTurn<Each: Sendable>(
        _ all: [Each], _ work: (Each) async throws -> Void
    ) async throws {
        var failure: (any Error)?
        for each in all {
            do { try await work(each) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }
}
