import HTTPTypes
import Kith
import KithTestSupport
import Testing

@Suite("The page of consent words")
struct ConsentTextsPageTests {
    @Test("An administrator reads what there is and publishes new words", arguments: TestEngine.available)
    func publish(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            let path = "/programs/\(program)/consent-texts"
            try await village.browsing { browser in
                let ada = browser(village.ada)
                let page = try await ada.get(path)
                #expect(page.status == .ok)
                #expect(village.ledger.last <= 3)
                #expect(page.text.contains("Version 1, since"))
                #expect(page.text.contains("A peer is not a doctor or a nurse."))
                #expect(page.text.contains("Le ofrecemos una persona de apoyo."))
                #expect(!page.text.contains("Earlier words"))

                let begun = try await ada.get("\(path)?purpose=contact-phone&language=es&body=Sign%20anything")
                #expect(begun.text.contains("<option value=\"contact-phone\" selected"))
                #expect(begun.text.contains("\nNos gustaría llamarle por teléfono"), "in the form, to be changed")
                #expect(!begun.text.contains("Sign anything"), "an address puts no words into anybody's form")

                let form = ["purpose": "contact-phone", "language": "es", "body": "Le llamamos los martes."]
                let empty = try await ada.post(path, form.merging(["body": " "]) { $1 })
                #expect(empty.status == .unprocessableContent)
                let foreign = try await ada.post(path, form.merging(["language": "xx"]) { $1 })
                #expect(foreign.status == .unprocessableContent)
                #expect(foreign.text.contains("Le llamamos los martes."), "nothing typed is lost")
                let saved = try await ada.post(path, form)
                #expect(saved.location == path)
                let after = try await ada.get(path)
                #expect(after.text.contains("Version 2, since"))
                #expect(after.text.contains("Le llamamos los martes."))
                #expect(after.text.contains("Earlier words"))
                #expect(
                    after.text.contains("Nos gustaría llamarle por teléfono"), "what was signed before stays readable")
            }
            let now = try await village.read(as: village.ana) { db in
                try ConsentText.current(of: program, for: "es", in: db).first { $0.purpose == .contactByPhone }
            }
            #expect(now?.body == "Le llamamos los martes.")
            #expect(now?.version == 2)
        }
    }

    @Test("Nobody else reads or publishes here", arguments: TestEngine.available)
    func others(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            try await village.endOtherAdministration()
            let form = ["purpose": "take-part", "language": "en", "body": "Mine."]
            let other = "/programs/\(village.riverside.otherProgram)/consent-texts"
            let path = "/programs/\(village.riverside.program)/consent-texts"
            try await village.browsing { (browser) async throws in
                #expect(try await browser(village.ada).get(path).status == .ok)
                #expect(try await browser(village.ada).get(other).status == .notFound, "a program she does not run")
                #expect(try await browser(village.ada).post(other, form).status == .notFound)
                let next = browser(village.hillside.administrator)
                #expect(try await next.get(path).status == .notFound)
                #expect(try await next.post(path, form).status == .notFound)
                for neighbor in [village.ana, village.ben, village.cleo, village.sam] {
                    #expect(try await browser(neighbor).get(path).status == .forbidden)
                }
            }
        }
    }
}
