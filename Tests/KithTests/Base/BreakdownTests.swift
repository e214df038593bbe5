import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("What people are told when something breaks")
struct BreakdownTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: StoreError.Kind
        let status: Int
        let words: String
        let retryAfter: String?

        var testDescription: String { "\(kind)" }
    }

    @Test(
        "Each kind says whether it was saved, and when to try again",
        arguments: [
            Case(kind: .full, status: 507, words: "What you sent was not saved", retryAfter: "60"),
            Case(kind: .lost, status: 503, words: "look whether what you sent is there", retryAfter: "5"),
            Case(kind: .unreadable, status: 500, words: "What you sent was not saved", retryAfter: nil)
        ])
    func told(example: Case) async throws {
        try await withVillage(.sqlite) { village in
            let pair = try await Pair(in: village)
            var broken = village
            broken.platform.beforeStatement = { _ in throw StoreError(example.kind, statement: "INSERT a secret") }
            try await broken.browsing { browser in
                let form = ["message": "0195cf1e-0000-7000-8000-000000000001", "body": "Good morning"]
                let page = try await browser(village.cleo).post("\(pair.path)/messages", form)
                #expect(page.status.code == example.status)
                #expect(page.text.contains(example.words))
                #expect(!page.text.contains("secret") && !page.text.contains("Good morning"))
                #expect(page.headers[.retryAfter] == example.retryAfter)
                let data = try await browser(village.cleo).post(
                    "\(pair.path)/messages", form, headers: [.accept: "application/json"])
                #expect(data.status.code == example.status && data.text.contains(#""code":"#))
            }
        }
    }

    @Test("Urgent help needs no database", arguments: TestEngine.available)
    func urgentHelp(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            await village.platform.store.close()
            try await village.browsing { browser in
                let help = try await browser(village.cleo).get("/urgent-help")
                let (health, home) = (
                    try await browser(nil).get("/health"), try await browser(village.cleo).get("/home")
                )
                #expect(help.status == .ok)
                #expect(health.status == .serviceUnavailable && home.status == .serviceUnavailable)
            }
        }
    }
}
