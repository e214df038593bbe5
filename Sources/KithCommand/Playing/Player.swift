import Kith
import Storage

/// Plays the demonstration: everything that has happened, each thing by whoever did it, at the moment at which they did.
enum Player {
    /// How many stories go on side by side. Their commits are shared, so that many cost little more than one.
    private static let side = 16

    /// - Parameter tell: told how far it is.
    /// - Throws: `Fault` where the content does not fit the product, or leaves something forgotten behind.
    static func play(
        _ demonstration: Demonstration, on platform: Platform, tell: @escaping @Sendable (String) -> Void
    ) async throws {
        let now = platform.world.now()
        tell("Writing the demonstration: the organization and its \(demonstration.supporters.count) supporters")
        let stage = try await Stage.open(demonstration, on: platform, now: now)
        let lanes = try lanes(on: stage)
        let progress = Progress(of: demonstration.participants.count, tell)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, lane) in lanes.enumerated() {
                if index >= side { try await group.next() }
                group.addTask { try await play(lane, progress) }
            }
            try await group.waitForAll()
        }
        try await stage.meet()
        try await pause(on: stage)
        try await rest(on: stage)
        try await stage.gather()
        try await stage.narrate()
        try await stage.writeDown()
        try await stage.sayHowTheyAre()
        try await stage.stock()
        try await Neighbor.move(in: platform, passwordHash: stage.entrance.passwordHash)
        for (name, found) in try await platform.orphans() where !found.isEmpty {
            throw Fault("The demonstration leaves something behind: \(found.count) \(name)")
        }
    }

    /// Stories that touch each other, because they share a supporter or are about the same person, are played together
    /// in the order of time, so that nobody supports more people at a time than they can. The longest come first.
    private static func lanes(on stage: Stage) throws -> [[(scene: Scene, story: Story)]] {
        let timetable = Timetable(zone: stage.demonstration.house.organization.timeZone)
        var (stories, lanes): ([String: Story], [String: [(scene: Scene, story: Story)]]) = ([:], [:])
        let parts = stage.demonstration.participants
        for part in parts.filter({ $0.mergedInto == nil }) + parts.filter({ $0.mergedInto != nil }) {
            let first = parts.first { $0.id == part.mergedInto }
            let place = try part.supporter.map { _ in
                try stage.demonstration.people(of: stage.demonstration.supporter(of: part)).firstIndex {
                    $0.id == part.id
                }
            }
            let scenes = try part.scenes(now: stage.now, place: (place ?? nil) ?? 0, in: stage.demonstration, timetable)
            let story = try Story(part, scenes, on: stage, sameAs: first.flatMap { stories[$0.id] })
            stories[part.id] = story
            lanes[first?.supporter ?? part.supporter ?? part.id, default: []] += scenes.map { ($0, story) }
        }
        return lanes.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { lane in
            lane.value.enumerated().sorted { ($0.element.scene.at, $0.offset) < ($1.element.scene.at, $1.offset) }
                .map(\.element)
        }
    }

    private static func play(_ lane: [(scene: Scene, story: Story)], _ progress: Progress) async throws {
        var left: [ObjectIdentifier: Int] = [:]
        for (_, story) in lane { left[ObjectIdentifier(story), default: 0] += 1 }
        for (scene, story) in lane {
            try await story.play(scene)
            left[ObjectIdentifier(story), default: 0] -= 1
            if left[ObjectIdentifier(story)] == 0 { await progress.finishOne() }
        }
    }

    /// Some supporters take a rest. Whom they support they go on supporting.
    private static func pause(on stage: Stage) async throws {
        let today = LocalClock(zone: stage.demonstration.house.organization.timeZone).day(of: stage.now)
        for (index, part) in stage.demonstration.supporters.filter({ $0.paused != nil }).enumerated() {
            let day = part.paused?.returnsOn.map { today.adding(days: $0) }
            try await stage.act(try stage.supporter(part.id), at: stage.now.adding(hours: -1.5 * Double(index + 1))) {
                db in
                try Supporter.pause(returnsOn: day, in: db)
            }
        }
    }

    /// For a supporter something was heavy yesterday, and they would like to talk with their supervisor.
    private static func rest(on stage: Stage) async throws {
        let busiest = SignIns.busiest(of: stage.demonstration)?.id
        guard let program = stage.demonstration.house.supervisors.first?.program,
            let part = stage.demonstration.supporters.last(where: {
                $0.paused == nil && $0.id != busiest && $0.programs.contains(program)
            })
        else { return }
        let id = try stage.program(program)
        try await stage.act(try stage.supporter(part.id), at: stage.now.adding(hours: -20)) { db in
            try Breather.take(in: db)
            try Talk.ask(in: id, db: db)
        }
    }
}

/// Says how far it is, at most once a second.
private actor Progress {
    private let total: Int
    private let tell: @Sendable (String) -> Void
    private var done = 0
    private var lastTold = ContinuousClock.now

    init(of total: Int, _ tell: @escaping @Sendable (String) -> Void) { (self.total, self.tell) = (total, tell) }

    func finishOne() {
        done += 1
        guard done == total || ContinuousClock.now - lastTold >= .seconds(1) else { return }
        lastTold = .now
        tell("Writing the demonstration: \(done) of \(total) people")
    }
}

extension Platform {
    /// What was started and forgotten, by what was looked for.
    func orphans() async throws -> [(name: String, ids: [String])] {
        let now = world.now()
        var found: [(name: String, ids: [String])] = []
        for check in features.flatMap(\.orphans) {
            found.append((check.name, try await store.read { try $0.values(check.query(now)) }))
        }
        return found
    }
}
