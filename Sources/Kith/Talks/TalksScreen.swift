import Storage
import Web

/// The supporters who would like to talk with the supervisor asking, the most pressing first.
struct TalksScreen: Screen {
    static let template = "talks/list"

    let talks: [Talk]

    init(in db: Reading) throws { talks = try Talk.owed(in: db) }

    func title(_ words: Words) -> String { words("talks.title") }

    func shown(_ words: Words) -> Value {
        [
            "lines": .list(
                talks.map { talk in
                    [
                        "name": .text(talk.supporterName), "program": .text(talk.programName),
                        "since": .text(words("talks.asked", ["when": words.ago(talk.askedAt)])),
                        "due": .text(words.due(talk.due)), "late": .flag(talk.due < words.now),
                        "heldPath": .text("/talks/\(talk.id)/holding")
                    ]
                })
        ]
    }
}
