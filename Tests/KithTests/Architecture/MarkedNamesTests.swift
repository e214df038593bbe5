import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Nothing personal where others could see it")
struct MarkedNamesTests {
    /// Text that people type, and its mark in the samples of forms.
    private static let free: Set = [
        "name", "site-name", "summary", "witness", "introduction", "body", "text", "place", "addition", "why",
        "reason", "words", "called", "word", "wish-words", "address-1", "cares-for"
    ]

    private static func mark(_ field: String) -> String { "Zqx\(field.replacing("-", with: ""))Mark" }

    /// The form with a mark wherever somebody types; codes stay what they are.
    private static func marked(_ form: [String: String], _ route: Route) -> [String: String] {
        var form = form
        let isCode = ["/referrals/{id}/declination", "/matches/{id}/ending"].contains(route.path)
        for field in form.keys where free.contains(field) && !(isCode && field == "reason") {
            form[field] = mark(field)
        }
        if form["mode"] != nil, form["place"] != nil { form["mode"] = "in-person" }
        if route.path == "/referrals/{id}/person" {
            form["address-1"] = mark("address-1")
            form["kind-1"] = "phone"
            form["wish-words"] = mark("wish-words")
            form["called"] = mark("called")
            form["cares-for"] = mark("cares-for")
        }
        return form
    }

    /// What was seen outside of pages' own text.
    private struct Seen: Sendable {
        var places: [(what: String, text: String)] = []

        /// - Parameter tells: whether its text is a page, and not what a partner's system is told of what it sent.
        mutating func note(_ answer: Answer, of path: String, tells: Bool = true) {
            places.append(("address asked for", path))
            if let location = answer.location { places.append(("address sent to", location)) }
            let page = tells ? answer.text : ""
            for match in page.matches(of: /(?:href|src|action)="([^"]*)"/) {
                places.append(("address on \(path)", String(match.1)))
            }
            if let title = page.firstMatch(of: /<title>([^<]*)<\/title>/) {
                places.append(("title of \(path)", String(title.1)))
            }
            for field in answer.headers where field.name != .location {
                places.append(("header of \(path)", field.value))
            }
            // A page that says what went wrong, and not a form that comes back.
            if page.contains("<title>That did not work") { places.append(("error page \(path)", page)) }
        }

        func hits(_ marks: [String]) -> [String] {
            places.flatMap { place in
                marks.filter { mark in
                    [mark, mark.replacing(" ", with: "+"), mark.replacing(" ", with: "%20")]
                        .contains { place.text.contains($0) }
                }.map { "\($0): \(place.what): \(place.text.prefix(200))" }
            }
        }
    }

    /// After these people are told that there is something new.
    private static let tells: Set = ["/conversations/{id}/messages", "/encounters", "/encounters/{id}/time"]

    private static func holder(_ role: Role, _ village: Village) -> Village.Neighbor {
        switch role {
        case .participant: village.cleo
        case .supporter: village.ben
        case .coordinator: village.ana
        case .supervisor: village.sam
        case .referrer: village.dana
        case .administrator: village.ada
        }
    }

    /// What ends something comes last.
    private static func order(_ route: Route) -> Int {
        if route.method == .get { return route.path.hasPrefix("/feedback") ? 7 : 0 }
        let last = ["/ending", "/withdrawal", "/closing", "/cancellation", "/declination", "/merging", "/sign-outs"]
        if route.path.hasPrefix("/feedback") { return 6 }
        return last.contains { route.path.hasSuffix($0) } ? 5 : 1
    }

    /// Sends every form of every route with marks, reads every page before and after, and by FHIR what a partner sends.
    /// What leaves by mail on the way is read, too.
    private static func journey(_ village: Village, _ more: [String] = []) async throws -> [String] {
        let (village, postbox) = (village.carrying(), Postbox())
        let things = try await RouteThings(village)
        for neighbor in [village.cleo, village.ben] {
            try await village.reachByMail(neighbor, at: "somebody@home.example")
        }
        let book = LogBook()
        let routes = village.platform.routes.filter {
            $0.access != .anyone && $0.access != .partner && $0.access != .setup && !$0.path.hasSuffix("/events")
                && $0.path != "/sign-out"
        }.sorted { (order($0), $0.path) < (order($1), $1.path) }
        let everything = routes + routes.filter { $0.method == .get }
        let seen = try await village.browsing(log: book.logger) { browser in
            var seen = Seen()
            for route in everything {
                var roles: [Role] = [.participant, .supporter]
                if case .roles(let named) = route.access { roles = named.sorted { $0.rawValue < $1.rawValue } }
                for role in roles {
                    let me = browser(holder(role, village))
                    let path = try #require(things.address(route), "no example for \(route.path)")
                    let answer =
                        route.method == .post
                        ? try await me.post(path, marked(things.form(route) ?? [:], route)) : try await me.get(path)
                    seen.note(answer, of: path)
                }
                guard tells.contains(route.path) else { continue }
                village.clock.advance(minutes: 4)
                await village.workOff(into: postbox)
            }
            let stranger = browser(nil)
            let asked = ["program": village.riverside.program.text, "name": mark("name"), "reason": mark("reason")]
                .merging(["kind": "phone", "address": mark("address-1"), "whom": "self", "words": mark("words")]) { $1 }
            for (path, form) in [
                ("/get-support/riverside", asked), ("/sign-in", ["login": mark("login"), "password": mark("password")]),
                ("/progress", ["reference": mark("reference"), "pin": mark("pin")])
            ] + more.map({ ($0, [:]) }) {
                seen.note(try await stranger.get(path), of: path)
                seen.note(try await stranger.post(path, form), of: path)
            }
            var headers: HTTPFields = [.contentType: "application/fhir+json"]
            headers[.authorization] = "Bearer \(village.riverside.partnerToken.text)"
            for route in village.platform.routes where route.access == .partner && route.method == .post {
                let path = route.path.replacing("**", with: "Patient")
                let answer = try await stranger.send(path, .post, things.resource(route), headers)
                seen.note(answer, of: path, tells: false)
            }
            return seen
        }
        var all = seen
        for letter in postbox.letters {
            let words = [letter.senderName, letter.subject, letter.text, letter.stopAddress ?? ""]
            all.places.append(("mail", words.joined(separator: "\n")))
        }
        #expect(postbox.letters.count > 2, "the test sees what leaves")
        all.places.append(("the log", book.text))
        let details = try await village.platform.store.read {
            try $0.values("SELECT details FROM event", as: String.self)
        }
        all.places += details.map { ("details of an event", $0) }
        #expect(book.text.count > 1_000 && details.count > 100, "the test sees the log and the events")
        let names = (village.riverside.everybody + village.hillside.everybody).map(\.name)
        return all.hits(
            names + ["Nora North", "Caring for her mother"]
                + (free.union(["login", "password", "pin", "reference"])).map(mark))
    }

    @Test("No name and no word in an address, a title, a log, an error or an event", arguments: TestEngine.available)
    func marks(engine: TestEngine) async throws {
        try await withVillage(engine, features: Features.all + [Interop.feature]) { village in
            let hits = try await Self.journey(village)
            #expect(hits.isEmpty, "\(hits.count): \(hits.prefix(20).joined(separator: "\n"))")
        }
    }

    @Test("A name in an address and one in an event are found")
    func planted() async throws {
        let leak = Feature(
            name: "Leak",
            routes: [
                .get("/leak", .anyone) { visit in
                    let name = try await visit.platform.store.read {
                        try $0.value("SELECT name FROM person ORDER BY id LIMIT 1", as: String.self)
                    }
                    return .seeOther("/home?name=\(name ?? "")")
                },
                .post("/leak", .anyone) { _ in .seeOther("/") }
            ])
        try await withVillage(.sqlite, features: Features.all + [Interop.feature, leak]) { village in
            let (house, cleo) = (village.riverside, village.cleo)
            try await village.write(asSystemOf: house) { db in
                db.record(Event(.signedIn, about: cleo.id, ["name": cleo.name]))
            }
            let hits = try await Self.journey(village, ["/leak"])
            #expect(hits.contains { $0.contains("address sent to") })
            #expect(hits.contains { $0.contains("details of an event") })
        }
    }
}
