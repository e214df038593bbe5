import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("Two people at one form")
struct EditionTests {
    /// A form as its page has it, hidden fields as well.
    private func form(_ page: String) -> [String: String] {
        var form: [String: String] = [:]
        for input in page.matches(of: /<input [^>]*>/) {
            let text = String(input.0)
            guard let name = text.firstMatch(of: /name="([^"]*)"/)?.1 else { continue }
            let isBox = text.contains("type=\"checkbox\"") || text.contains("type=\"radio\"")
            guard !isBox || text.contains("checked") else { continue }
            form[String(name)] = text.firstMatch(of: /value="([^"]*)"/).map { String($0.1) } ?? ""
        }
        for area in page.matches(of: /(?s)<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)<\/textarea>/) {
            form[String(area.1)] = String(area.2)
        }
        for select in page.matches(of: /(?s)<select [^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/) {
            let chosen = String(select.2).firstMatch(of: /value="([^"]*)" selected/)?.1
            form[String(select.1)] = chosen.map(String.init) ?? ""
        }
        form["form-token"] = nil
        return form
    }

    private struct Case: Sendable {
        let path: String
        let field: String
        let people: [Village.Neighbor]
    }

    private func cases(_ village: Village, _ things: RouteThings) -> [Case] {
        [
            Case(
                path: "/referrals/\(things.story.referral)/person", field: "called", people: [village.ana, village.ana]),
            Case(
                path: "/referrals/\(things.story.referral)/person", field: "wish-words",
                people: [village.ana, village.ana]),
            Case(path: "/wishes/\(things.story.referral)", field: "wish-words", people: [village.cleo, village.cleo]),
            Case(path: "/profile", field: "introduction", people: [village.ben, village.ben])
        ]
    }

    @Test("A save that came too late comes back with both, and nothing is lost", arguments: TestEngine.available)
    func late(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await RouteThings(village)
            let cases = cases(village, things)
            try await village.browsing { browser in
                for item in cases {
                    let (first, second) = (browser(item.people[0]), browser(item.people[1]))
                    var one = form(try await first.get(item.path).text)
                    var two = form(try await second.get(item.path).text)
                    #expect(one["edition"]?.count == 24, "\(item.path) says what it was filled with")
                    one[item.field] = "What one wrote"
                    two[item.field] = "What two wrote"
                    #expect(try await first.post(item.path, one).status == .seeOther, "\(item.path)")
                    let late = try await second.post(item.path, two)
                    #expect(late.status == .unprocessableContent, "\(item.path): \(late.status)")
                    #expect(
                        late.text.contains("What one wrote") && late.text.contains("What two wrote"), "\(item.path)")
                    #expect(try await first.get(item.path).text.contains("What one wrote"), "kept until they say so")
                    // Whoever has seen it may write over it; and the same click twice is no conflict.
                    let again = form(late.text)
                    #expect(try await second.post(item.path, again).status == .seeOther)
                    #expect(try await second.post(item.path, again).status == .seeOther)
                    #expect(try await first.get(item.path).text.contains("What two wrote"))
                }
            }
        }
    }

    @Test("Of many who save at once one is kept, and each of the others hears it", arguments: TestEngine.available)
    func parallel(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let things = try await RouteThings(village)
            let path = "/referrals/\(things.story.referral)/person"
            try await village.browsing { browser in
                let ana = browser(village.ana)
                for round in 1...5 {
                    let start = form(try await ana.get(path).text)
                    let answers = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
                        for writer in 1...6 {
                            group.addTask {
                                var form = start
                                form["called"] = "Round \(round) writer \(writer)"
                                return (writer, try await ana.post(path, form))
                            }
                        }
                        return try await group.reduce(into: [Int: Answer]()) { $0[$1.0] = $1.1 }
                    }
                    let kept = answers.filter { $0.value.status == .seeOther }.keys
                    #expect(kept.count == 1, "\(kept)")
                    #expect(answers.values.count { $0.status == .unprocessableContent } == 5)
                    let now = form(try await ana.get(path).text)["called"]
                    #expect(now == "Round \(round) writer \(kept.first ?? 0)")
                }
            }
        }
    }

    @Test("New words of consent do not hide newer ones", arguments: TestEngine.available)
    func consentTexts(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            _ = try await RouteThings(village)
            let path = "/programs/\(village.riverside.program)/consent-texts"
            let page = "\(path)?purpose=take-part&language=en"
            try await village.browsing { browser in
                let ada = browser(village.ada)
                let (one, two) = (form(try await ada.get(page).text), form(try await ada.get(page).text))
                let first = one.merging(["body": "What one wrote."]) { $1 }
                #expect(try await ada.post(path, first).status == .seeOther)
                #expect(try await ada.post(path, first).status == .seeOther, "a second click")
                let late = try await ada.post(path, two.merging(["body": "What two wrote."]) { $1 })
                #expect(late.status == .unprocessableContent)
                #expect(late.text.contains("What one wrote.") && late.text.contains("What two wrote."))
            }
            let versions = try await village.read(as: village.ada) {
                try $0.value("SELECT count(*) FROM consent_text WHERE body = 'What one wrote.'", as: Int.self)
            }
            #expect(versions == 1)
        }
    }
}
