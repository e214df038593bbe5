import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing
import Web

@Suite("The language of pages, and of people")
struct LanguageTests {
    private static let spanish: HTTPFields = [.acceptLanguage: "es-MX,es;q=0.9,en;q=0.5"]
    private static let arabic: HTTPFields = [.acceptLanguage: "ar-EG,ar;q=0.9,en;q=0.5"]
    private static let english: HTTPFields = [.acceptLanguage: "en-US"]
    private static let words = "four quiet words at dawn"

    private func language(of neighbor: Village.Neighbor, in village: Village) async throws -> String? {
        try await village.platform.store.read {
            try $0.first("SELECT language FROM person WHERE id = \(neighbor.id)") { try $0["language"] as String }
        }
    }

    private func put(_ neighbor: Village.Neighbor, down language: String, in village: Village) async throws {
        try await village.platform.store.write { writer in
            try writer.run(
                """
                UPDATE person SET language = \(language), language_said_at = '2026-03-01T00:00:00.000Z'
                WHERE id = \(neighbor.id)
                """)
        }
    }

    @Test("A page is in the language that the browser asks for, and offers the others", arguments: TestEngine.available)
    func negotiated(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                for path in ["/", "/sign-in", "/urgent-help", "/get-support/riverside", "/nowhere"] {
                    let page = try await browser(nil).get(path, headers: Self.spanish).text
                    #expect(page.contains(#"<html lang="es" dir="ltr">"#), "\(path)")
                    #expect(page.contains(">Ayuda urgente") || page.contains("\nAyuda urgente"), "\(path)")
                    // A page that says what went wrong repeats no address, so it leads to none in another language.
                    let offers = path != "/nowhere"
                    #expect(page.contains(#"value="en" lang="en">English</button>"#) == offers, "\(path)")
                    let pressed = page.contains(#"value="es" lang="es" aria-pressed="true">Español</button>"#)
                    #expect(pressed == offers, "\(path)")
                }
                let home = try await browser(village.cleo).get("/home", headers: Self.spanish).text
                #expect(home.contains(#"<html lang="es""#) && home.contains(#"value="en" lang="en">English</button>"#))
                #expect(try await browser(nil).get("/", headers: Self.english).text.contains(#"<html lang="en""#))
            }
        }
    }

    @Test("What somebody chooses, their browser keeps, and it goes before what the browser asks for")
    func chosen() async throws {
        try await withVillage(.sqlite) { village in
            try await village.browsing { browser async throws -> Void in
                let answer = try await browser(nil).post(
                    "/language", ["locale": "es", "next": "/sign-in"], headers: Self.english)
                #expect(answer.location == "/sign-in")
                let cookie = try #require(answer.headers[.setCookie])
                #expect(cookie.hasPrefix("locale=es; ") && cookie.contains("Max-Age=31536000"))
                var headers = Self.english
                headers[.cookie] = "locale=es"
                #expect(try await browser(nil).get("/sign-in", headers: headers).text.contains(#"<html lang="es""#))
                for other in ["tlh", "", "../en"] {
                    #expect(try await browser(nil).post("/language", ["locale": other]).headers[.setCookie] == nil)
                }
            }
        }
    }

    @Test(
        "Who was never asked for a language is written to in the one they choose; who said one keeps it",
        arguments: TestEngine.available)
    func remembered(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            #expect(try await language(of: village.cleo, in: village) == "en", "the premise")
            try await put(village.ben, down: "so", in: village)
            // A form of theirs showed English, and they left it so.
            try await village.write(as: village.cleo) { db in
                try Person.speak("en", db.me, of: db.organization, in: db)
            }
            try await village.browsing { browser async throws -> Void in
                for neighbor in [village.cleo, village.ben] {
                    _ = try await browser(neighbor).post("/language", ["locale": "es"])
                }
            }
            #expect(try await language(of: village.cleo, in: village) == "es")
            #expect(try await language(of: village.ben, in: village) == "so")
            try await village.browsing { browser async throws -> Void in
                _ = try await browser(village.cleo).post("/language", ["locale": "en"])
            }
            #expect(try await language(of: village.cleo, in: village) == "en", "what was taken over is taken back")
            // Whoever has said theirs keeps it, also where that is English.
            try await put(village.cleo, down: "en", in: village)
            try await village.browsing { browser async throws -> Void in
                _ = try await browser(village.cleo).post("/language", ["locale": "es"])
            }
            #expect(try await language(of: village.cleo, in: village) == "en")
        }
    }

    @Test("To read pages in Spanish excludes nobody who speaks English", arguments: TestEngine.available)
    func matching(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.enroll(village.ben, .usual(limit: 5))
            try await village.browsing { browser async throws -> Void in
                _ = try await browser(village.cleo).post("/language", ["locale": "es"])
            }
            #expect(try await language(of: village.cleo, in: village) == "es")
            let (_, match) = try await village.match(village.readyReferral(of: village.cleo), with: village.ben)
            let made = try await village.read(as: village.ana) { try Match.find(match.id, in: $0).status }
            #expect(made == .active)
        }
    }

    @Test(
        "Whoever signs in brings their language along to a browser that was told none",
        arguments: TestEngine.available)
    func broughtAlong(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.give(village.ben, password: Self.words)
            try await village.browsing { browser async throws -> Void in
                func cookies(headers: HTTPFields = [:], shared: Bool = false) async throws -> [String] {
                    var form = ["login": "ben@riverside.example", "password": Self.words]
                    if shared { form["shared"] = "yes" }
                    let answer = try await browser(nil).post("/sign-in", form, headers: headers)
                    #expect(answer.status == .seeOther)
                    return answer.headers[values: .setCookie].filter { $0.hasPrefix("locale=") }
                }
                #expect(try await cookies().isEmpty, "nobody asked them")
                try await put(village.ben, down: "en", in: village)
                #expect(try await cookies().first?.hasPrefix("locale=en; ") == true, "they said English")
                try await put(village.ben, down: "es-PR", in: village)
                #expect(try await cookies().first?.hasPrefix("locale=es; ") == true)
                #expect(try await cookies(headers: [.cookie: "locale=en"]).isEmpty, "the browser was told")
                #expect(try await cookies(shared: true).isEmpty, "others use it too")
                try await put(village.ben, down: "so", in: village)
                #expect(try await cookies().isEmpty, "there are no texts in it")
            }
        }
    }

    @Test(
        "Who asks for support in Spanish is down for Spanish, unless they say another", arguments: TestEngine.available)
    func asked(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.browsing { browser async throws -> Void in
                for (name, language) in [("Noor", ""), ("Nadia", "ar")] {
                    let form = [
                        "whom": "self", "program": village.riverside.program.text, "reach": "555-0199", "name": name,
                        "language": language
                    ]
                    let answer = try await browser(nil).post("/get-support/riverside", form, headers: Self.spanish)
                    #expect(answer.status == .seeOther)
                }
            }
            let known = try await village.platform.store.read {
                try $0.values(
                    "SELECT language FROM person WHERE name IN ('Noor', 'Nadia') ORDER BY name", as: String.self)
            }
            #expect(known == ["ar", "es"])
        }
    }

    @Test(
        "What a referral says of somebody's language counts where nobody said it, and says nothing for an account",
        arguments: TestEngine.available)
    func referred(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let house = village.riverside.organization
            let stranger = try await village.write(asSystemOf: village.riverside) { db in
                try Person.add(PersonDraft(name: "Noor"), to: house, in: db)
            }
            for (person, said, expected) in [
                (village.cleo.id, "ar", "en"), (stranger, "en", "en"), (stranger, "ar", "ar"), (stranger, "so", "ar"),
                (stranger, "en", "ar")
            ] {
                try await village.write(asSystemOf: village.riverside) { db in
                    var draft = PersonDraft(name: "Noor")
                    draft.language = said
                    try Person.complete(person, with: draft, of: house, in: db)
                }
                let known = try await village.platform.store.read {
                    try $0.value("SELECT language FROM person WHERE id = \(person)", as: String.self)
                }
                #expect(known == expected, "\(said)")
            }
            try await village.browsing { browser async throws -> Void in
                _ = try await browser(village.cleo).post("/language", ["locale": "es"])
            }
            #expect(try await language(of: village.cleo, in: village) == "es", "nobody has said hers yet")
        }
    }

    @Test("A mail is in the language of whoever reads it, down to its subject", arguments: TestEngine.available)
    func mail(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await put(village.cleo, down: "es-MX", in: village)
            try await two.write()
            let letter = try #require(await two.workOff().first)
            #expect(letter.subject == "Una nota para usted" && letter.senderName == "Noticias para usted")
            #expect(letter.text.hasPrefix("Hay algo nuevo para usted. Entre cuando le quede bien:\n"))
            try await two.write(as: village.cleo)
            let other = try #require(await two.workOff().last)
            #expect(other.address == "ben@home.example" && other.subject == "A note for you")
        }
    }

    @Test("Urgent help in Spanish leads to people who speak Spanish")
    func urgentHelp() async throws {
        try await withVillage(.sqlite) { village in
            let page = try await village.browsing { try await $0(nil).get("/urgent-help", headers: Self.spanish).text }
            for link in ["tel:911", "tel:988", "sms:988?body=AYUDA", "sms:741741?body=HOLA", "tel:1-833-852-6262"] {
                #expect(page.contains(#"href="\#(link)""#), "\(link)")
            }
            #expect(page.contains("presione 2") && !page.contains(#"href="sms:988""#))
        }
    }

    @Test("A page in Arabic runs from right to left, and offers the others by their own names")
    func fromRightToLeft() async throws {
        try await withVillage(.sqlite) { village in
            try await village.browsing { browser async throws -> Void in
                for path in ["/", "/sign-in", "/urgent-help", "/get-support/riverside"] {
                    let page = try await browser(nil).get(path, headers: Self.arabic).text
                    #expect(page.contains(#"<html lang="ar" dir="rtl">"#) && page.contains("/assets/rtl."), "\(path)")
                    #expect(page.contains(#"value="es" lang="es">Español</button>"#), "\(path)")
                    #expect(page.contains(#"value="ar" lang="ar" aria-pressed="true">العربية</button>"#), "\(path)")
                }
            }
        }
    }

    @Test("Urgent help in Arabic says who interprets, and where nobody does")
    func urgentHelpInArabic() async throws {
        try await withVillage(.sqlite) { village in
            let page = try await village.browsing { try await $0(nil).get("/urgent-help", headers: Self.arabic).text }
            for link in ["tel:911", "tel:988", "sms:988", "sms:741741?body=HOME", "tel:1-833-852-6262"] {
                #expect(page.contains(#"href="\#(link)""#), "\(link)")
            }
            #expect(page.contains("مترجم"))
        }
    }

    @Test("Days, times and lengths are said as in Arabic")
    func datesInArabic() throws {
        let noon = try #require(Instant("2026-03-03T17:05:00Z"))
        let words = Words(try Shelf.load().translations["ar"], zone: "UTC", now: noon)
        #expect(words.day(noon) == "الثلاثاء، 3 مارس")
        #expect(words.dayAndTime(noon) == "اليوم، الساعة 5:05\u{A0}م")
        #expect(words.dayAndTime(noon.adding(days: 400)) == "الأربعاء، 7 أبريل 2027، الساعة 5:05\u{A0}م")
        #expect(words.list(["أ", "ب"]) == "أ، ب" && words.apart("(410) 555-0199") == "\u{2066}(410) 555-0199\u{2069}")
        let spans = [1: "دقيقة واحدة", 2: "دقيقتين", 3: "3 دقائق", 11: "11 دقيقة", 60: "ساعة واحدة", 120: "ساعتين"]
        for (minutes, span) in spans { #expect(words.span(minutes) == span) }
        #expect(words.span(2 * 1_440) == "يومين" && words.span(3 * 1_440) == "3 أيام")
        #expect(words.span(11 * 1_440) == "11 يومًا" && words.span(100 * 1_440) == "100 يوم")
        #expect(words.ago(noon.adding(minutes: -120)) == "قبل ساعتين")
        for typed in ["5:05\u{A0}م", "5:05 م", "٥:٠٥ م", "17:05", "١٧:٠٥", "۱۷:۰۵"] {
            #expect(TimeOfDay(typed) == TimeOfDay("17:05"), "\(typed)")
        }
        #expect(TimeOfDay("5:05 ص") == TimeOfDay("05:05"))
        let hours = [WeekHours(weekday: 0, from: 9, to: 12), WeekHours(weekday: 0, from: 18, to: 20)]
        for typed in ["9-12، 18-20", "٩-١٢، ٦ م - ٨ م", "من 9 إلى 12؛ 6 م-8 م"] {
            #expect(WeekHours.reading(typed, on: 0) == hours, "\(typed)")
        }
    }

    @Test("Numbers typed on an Arabic or Persian keyboard are read", arguments: ["٣", "۳", "3"])
    func digits(three: String) throws {
        let form = Form([
            "number": [three], "day": ["٢٠٢٦-٠٣-٠\(three)"], "words": ["\(three) أيام"]
        ])
        let (number, day, words) = try form.read {
            ($0.integer("number"), $0.date("day"), $0.text("words"))
        }
        #expect(number == 3 && day == CalendarDate(year: 2026, month: 3, day: 3))
        #expect(words == "\(three) أيام", "what people write stays as they wrote it")
    }

    @Test("Days and times are said as in Spanish")
    func dates() throws {
        let noon = try #require(Instant("2026-03-03T17:05:00Z"))
        let words = Words(try Shelf.load().translations["es"], zone: "UTC", now: noon)
        #expect(words.day(noon) == "martes 3 de marzo")
        #expect(words.dayAndTime(noon) == "Hoy, 5:05\u{A0}p.\u{A0}m.")
        #expect(words.dayAndTime(noon.adding(days: 400)) == "miércoles 7 de abril de 2027, 5:05\u{A0}p.\u{A0}m.")
        #expect(words.ago(noon.adding(minutes: -60)) == "hace 1 hora")
        #expect(words.due(noon.adding(minutes: 180)) == "dentro de 3 horas")
        #expect(words.due(noon.adding(days: -2)) == "2 días de atraso")
        #expect(TimeOfDay("5:05\u{A0}p.\u{A0}m.") == TimeOfDay("17:05"), "what a page says can be typed")
    }
}
