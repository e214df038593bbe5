import Testing
import Web

@Suite("Paths of the site")
struct SitePathTests {
    @Test("What is filled in becomes one segment")
    func holes() {
        let name = "a/b?c=d&é ../x#"
        #expect(("/people/\(name)" as SitePath).string == "/people/a%2Fb%3Fc%3Dd%26%C3%A9%20..%2Fx%23")
        #expect(("/n/\(42)?page=\(2)" as SitePath).string == "/n/42?page=2")
        let base: SitePath = "/groups/7"
        #expect(("\(base)/members" as SitePath).string == "/groups/7/members")
    }

    @Test("A path never starts with two slashes, whatever is written or filled in")
    func oneSlash() {
        #expect(("//evil.example" as SitePath).string == "/evil.example")
        #expect(("/\\evil.example" as SitePath).string == "/evil.example")
        #expect(("\("//evil.example")/x" as SitePath).string == "/%2F%2Fevil.example/x")
        #expect(("\("")/\("")evil" as SitePath).string == "/evil")
        #expect(("people" as SitePath).string == "/people")
    }

    @Test(
        "Paths from outside are taken only if they stay here",
        arguments: [
            "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "people", "/a\nb",
            "/a\tb", "/\t/evil",
            "\\\\evil", "/a\\b", " /a", "/a b", "/\u{0}", "/" + String(repeating: "a", count: 3_000)
        ])
    func refused(text: String) {
        #expect(SitePath(untrusted: text) == nil)
    }

    @Test(
        "Paths of this site from outside are kept as they are",
        arguments: ["/", "/a/b?c=d&e=%20#f", "/é", "/a//b", "/?next=//x"])
    func kept(text: String) {
        #expect(SitePath(untrusted: text)?.string == text)
    }
}
