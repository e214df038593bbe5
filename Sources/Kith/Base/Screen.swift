import HTTPTypes
import Web

/// A page as a plain value: found in one read, shown by one template.
package protocol Screen: Sendable {
    /// The template's name, `referrals/board`.
    static var template: String { get }
    /// Stands in the browser's title; neutral, since others may see it.
    func title(_ words: Words) -> String
    /// The template's values: an object. It does not touch the store.
    func shown(_ words: Words) -> Value
}

/// What stands around every page: names, ways to go, the form token.
struct Frame {
    let title: String
    let actor: Actor
    let visit: Visit
    let status: HTTPResponse.Status

    func shown(_ words: Words) -> Value {
        let locales = visit.platform.shelf.translations.locales
        return [
            "title": .text(title),
            "exit": isSensitive ? .text(visit.place.exit) : .nothing,
            // For how long it may be quiet, where a script warns before the session ends.
            "idle": actor.person == nil ? .nothing : Value(actor.session?.idleMinutes),
            "locale": .text(visit.locale),
            "direction": .text(words("language.direction")),
            "turned": .flag(words("language.direction") == "rtl"),
            "organization": .text(actor.organizationName.isEmpty ? words("product.name") : actor.organizationName),
            "person": actor.person == nil ? .nothing : .text(actor.name),
            "token": Value(visit.formToken?.text),
            "ways": .list(ways(words)),
            "languages": .flag(locales.count > 1 && !isProblem),
            "locales": .list(
                locales.map { locale in
                    [
                        "code": .text(locale),
                        "name": .text(visit.platform.shelf.translations[locale]("language.name")),
                        "current": .flag(locale == visit.locale)
                    ]
                }),
            "here": .text(visit.path)
        ]
    }

    /// Whether it says that something went wrong. Such a page repeats nothing of what was asked, so it has no way back to
    /// the same address in another language.
    private var isProblem: Bool { status.code >= 400 && status != .unprocessableContent }

    /// Whether somebody may have to leave the page quickly: all that participants and strangers see.
    private var isSensitive: Bool {
        // Whoever sets Kith up is no stranger, and has nothing to hide from who walks in.
        actor.person == nil && actor.kind != .system || actor.has(.participant)
    }

    /// The few places this person can go, by role; each role's first screen first.
    private func ways(_ words: Words) -> [Value] {
        var ways: [(path: String, key: String)] = []
        if actor.has(.participant) { ways.append(("/home", "ways.home")) }
        if actor.has(.supporter) { ways.append(("/today", "ways.today")) }
        if actor.has(.participant) || actor.has(.supporter) {
            ways += [("/conversations", "ways.messages"), ("/encounters", "ways.contacts")]
        }
        if actor.has(.coordinator) {
            ways += [("/board", "ways.board"), ("/supporters", "ways.supporters")]
        }
        if actor.has(.referrer) || actor.has(.coordinator) { ways.append(("/referrals/sent", "ways.sent")) }
        if actor.has(.supervisor) { ways.append(("/team", "ways.team")) }
        if [.participant, .supporter, .coordinator, .supervisor].contains(where: actor.has) {
            ways.append(("/groups", "ways.groups"))
        }
        if actor.has(.coordinator) || actor.has(.supervisor) || actor.has(.administrator) {
            ways.append(("/concerns", "ways.concerns"))
        }
        if actor.has(.coordinator) || actor.has(.supervisor) { ways.append(("/moderation", "ways.moderation")) }
        if actor.has(.supervisor) || actor.has(.administrator) { ways.append(("/openings", "ways.openings")) }
        if actor.has(.administrator) {
            // Theirs to look after while nobody coordinates a program.
            if !actor.has(.coordinator) { ways.append(("/board", "ways.board")) }
            ways += [("/people", "ways.people"), ("/programs", "ways.programs")]
        }
        let here = visit.path
        return ways.map { way in
            ["path": .text(way.path), "text": .text(words(way.key)), "current": .flag(here.hasPrefix(way.path))]
        }
    }
}
