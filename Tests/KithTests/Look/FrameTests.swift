import HTTPTypes
import Kith
import KithTestSupport
import Testing
import Web

/// A page for everybody and one that comes back with errors, at addresses of the test's own.
private struct Anything: Screen {
    static let template = "problem"
    func title(_ words: Words) -> String { "Anything" }
    func shown(_ words: Words) -> Value { ["text": "", "reference": .nothing] }
}

private let pages = Feature(
    name: "Look",
    routes: [
        .get("/look", .signedIn) { visit in try await visit.show { _ in Anything() } },
        .get("/look/invalid", .anyone) { visit in try visit.show(Anything(), status: .unprocessableContent) }
    ])

@Suite("What stands around every page")
struct FrameTests {
    private static let exit = #"href="/leaving" data-away="https://www.weather.gov" rel="noreferrer">Leave page</a>"#

    private func look<T: Sendable>(
        _ body: @escaping @Sendable (Village, @Sendable (Village.Neighbor?) -> TestBrowser) async throws -> T
    ) async throws -> T {
        try await withVillage(.sqlite, features: Features.all + [pages]) { village in
            try await village.browsing { browser in try await body(village, browser) }
        }
    }

    @Test("Urgent help is small, and every number can be tapped")
    func urgentHelp() async throws {
        try await look { _, browser in
            let page = try await browser(nil).get("/urgent-help")
            #expect(page.status == .ok)
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
            let stranger = try await browser(nil).get("/").text
            let ana = try await browser(village.ana).get("/look").text
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
            let stranger = try await browser(nil).get("/").text
            let cleo = try await browser(village.cleo).get("/look").text
            let ana = try await browser(village.ana).get("/look").text
            #expect(stranger.contains(Self.exit) && cleo.contains(Self.exit))
            #expect(ana.contains("</main>") && !ana.contains(Self.exit))
        }
    }

    @Test("A page with errors says so in its title, before anything else")
    func titles() async throws {
        try await look { village, browser in
            let right = try await browser(village.ana).get("/look").text
            let wrong = try await browser(nil).get("/look/invalid").text
            #expect(right.contains("<title>Anything – "))
            #expect(wrong.contains("<title>Error: Anything – "))
        }
    }

    @Test("The front page offers help at each organization, a way to refer and a way in")
    func front() async throws {
        try await look { village, browser in
            let page = try await browser(nil).get("/").text
            for path in ["/get-support/riverside", "/get-support/hillside", "/referrals/new", "/sign-in"] {
                #expect(page.contains(#"href="\#(path)""#), "\(path)")
            }
            #expect(page.contains("For people who care for somebody."))
        }
    }

    @Test("Style sheet and script are addressed by their content")
    func assets() async throws {
        try await look { village, browser in
            let page = try await browser(nil).get("/").text
            for name in ["kith.css", "kith.js"] {
                let path = try #require(village.platform.shelf.assets.path(name))
                #expect(page.contains(#"="\#(path)""#))
            }
        }
    }
}
