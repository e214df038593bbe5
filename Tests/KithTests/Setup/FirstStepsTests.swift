import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The pages after set-up, and what is said of its link", .timeLimit(.minutes(35)))
struct FirstStepsTests {
    /// Sets a Kith up, and gives the address of the pages after it.
    private func setUp(_ kith: EmptyKith, mail: (any Carrier)?, _ browser: TestBrowser) async throws -> String {
        let secret = try #require(try await kith.platform.openSetup(mail: mail))
        let link = "/setup/\(secret.text)"
        _ = try await browser.post(link, ["name": "Riverside", "zone": "UTC", "language": "en"])
        _ = try await browser.post("\(link)/program", ["name": "Caregivers"])
        let done = try await browser.post(
            "\(link)/administrator", ["name": "Ada", "login": "ada", "password": "four quiet words at dawn"])
        return try #require(done.location)
    }

    @Test("A test mail says in words what became of it, and there are only a few", arguments: TestEngine.available)
    func mail(engine: TestEngine) async throws {
        try await withEmptyKith(engine) { kith in
            let postbox = Postbox()
            try await kith.platform.browsing { browser in
                let steps = try await setUp(kith, mail: postbox, browser)
                let wrong = try await browser.post(steps, ["address": "nobody"])
                #expect(wrong.status == .unprocessableContent && postbox.tries.isEmpty)
                postbox.refuse(.notNow("sign-in:535"), .refused("refused:550"))
                let address = ["address": "ada@home.example"]
                for said in ["did not accept our name and password (535)", "will not take it (550)", "took the mail"] {
                    #expect(try await browser.post(steps, address).location == steps)
                    #expect(try await browser.get(steps).text.contains(said), "\(said)")
                }
                #expect(postbox.letters.map(\.address) == ["ada@home.example"])
                #expect(postbox.letters.map(\.subject) == ["A test"])
                for _ in 0..<2 { #expect(try await browser.post(steps, address).status == .seeOther) }
                #expect(try await browser.post(steps, address).status == .tooManyRequests)
                #expect(postbox.tries.count == 5)
            }
            let isKept = try await kith.platform.store.read { reader in
                try reader.exists("SELECT 1 FROM contact_channel")
            }
            #expect(!isKept, "the address is kept nowhere")
        }
    }

    @Test(
        "Without a mail server it says which settings to set; the address works for an hour",
        arguments: TestEngine.available)
    func withoutMail(engine: TestEngine) async throws {
        try await withEmptyKith(engine) { kith in
            try await kith.platform.browsing { browser in
                let steps = try await setUp(kith, mail: nil, browser)
                #expect(try await browser.get(steps).text.contains("KITH_MAIL_SERVER"))
                #expect(try await browser.post(steps, ["address": "ada@home.example"]).status == .notFound)
                #expect(try await browser.get("\(steps)/practice").text.contains("kith demo"))
                let end = try await browser.get("\(steps)/end")
                #expect(end.text.contains("Riverside is open") && end.text.contains("href=\"/sign-in\""))
                for forged in ["/first-steps/forged", "/first-steps/forged/end", "\(steps)x/practice"] {
                    #expect(try await browser.get(forged).status == .notFound, "\(forged)")
                }
                kith.clock.advance(hours: 1)
                for path in [steps, "\(steps)/practice", "\(steps)/end"] {
                    #expect(try await browser.get(path).status == .notFound)
                }
            }
        }
    }

    @Test("In each language, and its link is in no log")
    func languagesAndLog() async throws {
        try await withEmptyKith(.sqlite) { kith in
            let secret = try #require(try await kith.platform.openSetup())
            let link = "/setup/\(secret.text)"
            let book = LogBook()
            try await kith.platform.browsing(log: book.logger) { browser in
                for (locale, title) in [("es", "Su organización"), ("ar", "dir=\"rtl\"")] {
                    let page = try await browser.get(link, headers: [.acceptLanguage: locale])
                    #expect(page.status == .ok && page.text.contains(title))
                }
                _ = try await browser.get("/setup/forged-link")
                _ = try await browser.post(link, ["name": ""])
            }
            let lines = book.text
            #expect(lines.contains("/setup/{token}"), "the log tells of it: \(lines)")
            #expect(!lines.contains(link.dropFirst(7)) && !lines.contains("forged-link"))
        }
    }

    @Test("Short names are made of names, in any script")
    func slugs() {
        for (name, slug) in [
            ("Riverside Health", "riverside-health"), ("Clínica São José", "clinica-sao-jose"),
            ("St. Mary’s & Co.", "st-mary-s-co"), ("مركز الدعم", "support"), ("  ", "support"), ("A1", "a1")
        ] { #expect(Founding.slug(of: name) == slug, "\(name)") }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let name = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...60, using: &random)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 32...0x2fff, using: &random))
                    }))
            let slug = Founding.slug(of: name)
            let isFine =
                !slug.isEmpty && slug.count <= 60 && slug.first != "-" && slug.last != "-"
                && slug.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
            #expect(isFine, "\(name.unicodeScalars.map(\.value)): \(slug)")
        }
    }
}
