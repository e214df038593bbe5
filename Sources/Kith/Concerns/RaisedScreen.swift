import Storage
import Web

/// What whoever raised a concern reads of it: that it arrived, who looks at it and by when, and whom to call meanwhile.
struct RaisedScreen: Screen {
    static let template = "concerns/raised"

    let concern: Concern
    let owner: String?
    let called: Int

    /// Where more can be said, and where they came from.
    let (morePath, backPath): (String, String)

    init(_ id: Concern.ID, in db: Reading) throws {
        try self.init(Concern.raised(id, in: db), morePath: "/concerns/new?concern=\(id)", backPath: "/", db)
    }

    /// For somebody without an account.
    init(_ id: Concern.ID, by link: SignedLink, in db: Reading) throws {
        let path = "/progress/\(link.token(in: db.world))"
        try self.init(Concern.raised(id, by: link, in: db), morePath: "\(path)/concern", backPath: path, db)
    }

    private init(_ concern: Concern, morePath: String, backPath: String, _ db: Reading) throws {
        (self.concern, self.morePath, self.backPath) = (concern, morePath, backPath)
        owner = try db.name(of: concern.acknowledgedBy)
        called = try concern.called(in: db)
    }

    func title(_ words: Words) -> String { words("concerns.raised.title") }

    func shown(_ words: Words) -> Value {
        let (isOpen, named) = (concern.state == .escalating, ["name": owner ?? ""])
        let isAlone = concern.nobodyAt != nil
        return [
            "heading": .text(
                words("concerns.raised.heading.\(isAlone && isOpen ? "nobody" : concern.state.rawValue)", named)),
            "tag": .text(words("concerns.state.\(concern.state.rawValue)")), "good": .flag(!isOpen),
            "now": isOpen && !isAlone ? .text(words("concerns.raised.now", count: called)) : .nothing,
            "next": isOpen && !isAlone
                ? .text(words("concerns.raised.next", ["time": concern.due.map(words.time) ?? ""])) : .nothing,
            "alone": .flag(isOpen && isAlone),
            "since": concern.acknowledgedAt.map {
                .text(words("concerns.raised.since", named.merging(["when": words.dayAndTime($0)]) { $1 }))
            } ?? .nothing,
            "named": .flag(concern.about != nil),
            "when": .text(words("concerns.raised.when", ["when": words.dayAndTime(concern.raisedAt)])),
            "morePath": concern.isOpen ? .text(morePath) : .nothing, "backPath": .text(backPath)
        ]
    }
}
