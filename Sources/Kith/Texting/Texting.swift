import Storage
import Web

/// Text messages that people send: a few words are understood, so that nobody needs a smartphone. Nobody reads them,
/// and no word of them is kept, but for words of danger, which are handed to people.
package enum Texting {
    static let migrations = [
        Migration(
            "2026-12-01-texts-received",
            """
            CREATE TABLE text_received (
                id TEXT PRIMARY KEY,
                number TEXT NOT NULL,
                received_at TEXT NOT NULL,
                is_answered BOOLEAN NOT NULL
            );
            CREATE INDEX text_received_number ON text_received (number, received_at) WHERE is_answered;
            CREATE INDEX text_received_at ON text_received (received_at);
            """)
    ]

    package static let feature = Feature(
        name: "Texting", migrations: migrations, routes: routes, events: [.textReceived],
        copied: CopiedPart("texts", lines: copied))

    /// How many answers a number gets in a day, so that two robots do not answer each other forever.
    package static let mostAnswers = 10

    /// For how many days it is known that a message came, so that one that comes again is not done twice.
    package static let daysKept = 30
}

extension EventKind {
    /// A text message came. Details: `asked`, what it asked for; nothing of its words, nor of the number.
    package static let textReceived = EventKind("texts.received")
}

/// What somebody who wrote is told.
enum TextAnswer: String, CaseIterable {
    case stopped, started, help
    /// It was no word that is understood.
    case unknown
    /// They answered, and nothing was asked.
    case nothingAsked = "nothing-asked"
    /// What they said was written down.
    case noted
    /// What was planned is called off.
    case calledOff = "called-off"
    /// Several people have this number.
    case shared
    /// Somebody will call.
    case called
    /// Somebody will call as soon as can be, and here is who helps at once.
    case danger
    /// Here is who helps at once; nobody could be asked to call.
    case urgent
}

/// Whose door a text message came to.
struct TextHouse {
    let organization: Organization
    /// Whether numbers that nobody has are to go there.
    let takesStrangers: Bool

    /// The organization of those whose number it is, or else the one for numbers that nobody has: the one that the
    /// setting names, or the only one there is.
    /// - Throws: ``Problem/notFound`` where there is none.
    init(for holders: [NumberHolder], in db: Reading) throws {
        let all = try db.all("SELECT * FROM organization ORDER BY id LIMIT 1000", Organization.init(row:))
        let named = db.world.textDesk?.organization.flatMap { slug in all.first { $0.slug == slug } }
        let own = holders.first.flatMap { holder in all.first { $0.id == holder.organization } }
        guard let organization = own ?? named ?? all.first else { throw Problem.notFound }
        self.organization = organization
        takesStrangers = own != nil || named != nil || all.count == 1
    }
}
