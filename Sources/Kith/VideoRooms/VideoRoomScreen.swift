import Web

/// The room of a meeting: what one can do before it, at its door and in it. All but what a browser can only do by script
/// stands on the page without one.
struct VideoRoomScreen: Screen {
    static let template = "video/room"

    let room: VideoRoom

    init(_ id: Meeting.ID, in db: Reading) throws { room = try VideoRoom.find(id, in: db) }

    /// Others may look on.
    func title(_ words: Words) -> String { words("meeting.title") }

    func shown(_ words: Words) -> Value {
        let (meeting, relay) = (room.meeting, room.relay)
        let (state, isOpen): (String?, Bool) =
            switch room.hours(at: words.now) {
            case .early(let opens): (words("video.opens", ["time": words.dayAndTime(opens)]), false)
            case .over: (words("problems.video.over"), false)
            case .open where !room.isSeated: (words("problems.video.no-seat"), false)
            case .open where relay.isMissing: (words("problems.video.no-relay"), false)
            case .open where room.hasEnded && !room.leads: (words("problems.video.over"), false)
            case .open: (room.hasEnded ? words("video.was-ended") : nil, true)
            }
        return [
            "group": .text(room.group.plan.name), "path": .text("/meetings/\(meeting.id)"),
            "when": .text(words.meeting(meeting)), "state": Value(state), "open": .flag(isOpen),
            "leads": .flag(room.leads), "dialIn": Value(room.group.plan.dialIn),
            "telephonePath": Value(room.group.plan.dialIn.map { "tel:" + $0.filter { $0.isNumber || $0 == "+" } }),
            "relay": [
                "always": .flag(relay.house || relay.group), "asked": .flag(relay.person),
                "isThere": .flag(relay.isThere)
            ],
            "pulse": .number(VideoRoom.pulseSeconds * 1_000),
            "places": .text(words("video.places", ["places": "\(VideoRoom.places)"]))
        ]
    }
}

/// What meetings by video stand on here, and in which groups nobody learns an address.
struct VideoSettingsScreen: Screen {
    static let template = "video/settings"

    let servers: VideoServers
    let isAdministrator: Bool
    let set: (house: Bool, groups: Set<Group.ID>)
    let groups: [Group]

    init(in db: Reading) throws {
        servers = db.world.video
        isAdministrator = db.actor.has(.administrator)
        set = try RelayRule.all(in: db)
        groups = db.actor.has(.coordinator) ? try Group.all(as: [.coordinator], in: db) : []
    }

    func title(_ words: Words) -> String { words("video.settings.title") }

    func shown(_ words: Words) -> Value {
        func said(_ key: String, _ isThere: Bool) -> Value {
            .text(words("video.settings.\(key).\(isThere ? "yes" : "no")"))
        }
        return [
            "facts": .list([said("relay", servers.relay != nil), said("jitsi", servers.jitsi != nil)]),
            "isThere": .flag(servers.relay != nil), "administrator": .flag(isAdministrator),
            "house": .flag(set.house), "missing": .flag(servers.relay == nil && (set.house || !set.groups.isEmpty)),
            "groups": .list(
                groups.filter { $0.plan.setting != .inPerson }.map {
                    ["name": .text($0.plan.name), "id": .text($0.id.text), "on": .flag(set.groups.contains($0.id))]
                })
        ]
    }
}
