import HTTPTypes
import Kith
import KithTestSupport
import Testing
import Web

/// The two pages without an owner, at addresses of the test's own.
private struct UrgentHelp: Screen {
    static let template = "public/urgent-help"
    func title(_ words: Words) -> String { words("urgent.title") }
    func shown(_ words: Words) -> Value { [:] }
}

private struct Front: Screen {
    static let template = "public/front"
    let hasPrograms: Bool
    func title(_ words: Words) -> String { words("front.title") }
    func shown(_ words: Words) -> Value {
        [
            "programs": hasPrograms ? [["name": "Caregivers", "summary": "For carers", "path": "/programs/c"]] : [],
            "signInPath": "/sign-in", "supportPath": "/support", "referPath": "/refer"
        ]
    }
}

private let pages = Feature(
    name: "Look",
    routes: [
        .get("/look/urgent", .anyone) { visit in try visit.show(UrgentHelp()) },
        .get("/look/invalid", .anyone) { visit in try visit.show(UrgentHelp(), status: .unprocessableContent) },
        .get("/look/front", .anyone) { visit in try visit.show(Front(hasPrograms: true)) },
        .get("/look/new", .anyone) { visit in try visit.show(Front(hasPrograms: false)) },
        .get("/look/signed-in", .signedIn) { visit in try await visit.show { _ in UrgentHelp() } }
    ])

@Suite("What stands around every page")
struct FrameTests {
    private static let exit = #"href="https://www.weather.gov" rel="noreferrer">Leave page</a>"#

    private func look<T: Sendable>(
        _ body: @escaping @Sendable (Village, @Sendable (Village.Neighbor?) -> TestBrowser) async throws -> T
    ) async throws -> T {
        try await withVillage(features: Features.all + [pages]) { village in
            try await village.browsing { browser in try await body(village, browser) }
        }
    }

    @Test("Urgent help is small, needs no store, and every number can be tapped")
    func urgentHelp() async throws {
        try await look { village, browser in
            let before = village.ledger.last
            let page = try await browser(nil).get("/look/urgent")
            #expect(page.status == .ok)
            #expect(village.ledger.last == before)
            #expect(page.text.utf8.count <= 14_000)
            for link in [
                "tel:911", "tel:988", "sms:988", "sms:988?body=AYUDA", "sms:838255", "sms:741741?body=HOME",
                "tel:1-833-852-6262", "sms:1-833-852-6262"
            ] { #expect(page.text.contains(#"href="\#(link)""#), "\(link)") }
            #expect(page.text.contains(#"<time datetime="2026-11-21">"#))
        }
    }

    @Test("Urgent help is one tap away for strangers and for those signed in; only they have ways to go")
    func ways() async throws {
        try await look { village, browser in
            let stranger = try await browser(nil).get("/look/front").text
            let ana = try await browser(village.ana).get("/look/signed-in").text
            for page in [stranger, ana] {
                #expect(page.contains(#"<a class="urgent-help" href="/urgent-help">"#))
                #expect(page.contains(#"<html lang="en" dir="ltr">"#))
            }
            #expect(ana.contains(#"<a href="/board">Board</a>"#))
            #expect(ana.contains(#"action="/sign-out""#))
            #expect(!stranger.contains("<nav"))
        }
    }

    @Test("Participants and strangers can leave the page quickly; staff have no need to")
    func leaving() async throws {
        try await look { village, browser in
            let stranger = try await browser(nil).get("/look/front").text
            let cleo = try await browser(village.cleo).get("/look/signed-in").text
            let ana = try await browser(village.ana).get("/look/signed-in").text
            #expect(stranger.contains(Self.exit) && cleo.contains(Self.exit))
            #expect(ana.contains("</main>") && !ana.contains(Self.exit))
        }
    }

    @Test("A page with errors says so in its title, before anything else")
    func titles() async throws {
        try await look { _, browser in
            let right = try await browser(nil).get("/look/urgent").text
            let wrong = try await browser(nil).get("/look/invalid").text
            #expect(right.contains("<title>Urgent help – "))
            #expect(wrong.contains("<title>Error: Urgent help – "))
        }
    }

    @Test("The front page offers help, a way to refer and a way in, also while there are no programs")
    func front() async throws {
        try await look { _, browser in
            let page = try await browser(nil).get("/look/front").text
            for path in ["/support", "/refer", "/sign-in", "/programs/c"] {
                #expect(page.contains(#"href="\#(path)""#), "\(path)")
            }
            #expect(!page.contains(#"class="empty""#))
            let new = try await browser(nil).get("/look/new").text
            #expect(new.contains(#"class="empty""#))
        }
    }

    @Test("Style sheet and script are addressed by their content")
    func assets() async throws {
        try await look { village, browser in
            let page = try await browser(nil).get("/look/front").text
            for name in ["kith.css", "kith.js"] {
                let path = try #require(village.platform.shelf.assets.path(name))
                #expect(page.contains(#"="\#(path)""#))
            }
        }
    }
}
