import Hummingbird
import Storage
import Web

/// One page about a program, to be handed to somebody: what it is, for whom, and how to begin.
struct Leaflet: Sendable {
    let organization: Organization
    let program: Program
    /// For whom it is, in the program's own words; empty where it did not say.
    let eligibility: String
    let emergency: String
    /// The number that people may call.
    let telephone: String?

    /// - Throws: ``Problem/notFound`` where nobody would read what the leaflet leads to.
    init(_ slug: String, _ id: Program.ID, in db: Reading) throws {
        organization = try Organization.find(slug: slug, in: db)
        let programs = try Program.staffed(of: organization.id, in: db)
        guard let program = programs.first(where: { $0.id == id }) else { throw Problem.notFound }
        self.program = program
        eligibility = try PublishedPolicy.current(of: id, in: db).policy.eligibility
        telephone = try NeutralNames.chosen(by: organization.id, in: db)?.telephone
        let help = try UrgentHelp.chosen(by: organization.id, in: db)
        emergency = help.emergency ?? UrgentHelp.unitedStates.emergency
    }

    static func path(_ slug: String, _ program: Program.ID) -> String { "/leaflets/\(slug)/\(program)" }

    static let routes: [Route] = [
        .get("/leaflets", .signedIn) { visit in
            let slug = try await visit.read { try Organization.current(in: $0).slug }
            return .seeOther("/leaflets/\(slug)")
        },
        .get("/leaflets/{slug}", .anyone) { visit in
            let slug = try visit.parameter("slug")
            let translations = visit.platform.shelf.translations
            let languages = translations.locales.map { (code: $0, name: translations[$0]("language.name")) }
            return try await visit.show { try LeafletsScreen(slug, languages, in: $0) }
        },
        .get("/leaflets/{slug}/{id}", .anyone) { visit in
            let (slug, id) = (try visit.parameter("slug"), try visit.id(of: Program.self))
            let visit = try visit.inAskedLanguage()
            let sheet = try Papers.Sheet(of: visit, path: path(slug, id))
            let (typed, scanned) = ("/get-support/\(slug)", "/get-support/\(slug)?program=\(id)")
            let code = try QRCode(visit.place.address + scanned)
            let address = visit.spoken(typed)
            return try await visit.show {
                LeafletScreen(leaflet: try Leaflet(slug, id, in: $0), address: address, code: code, sheet: sheet)
            }
        }.asking("language", "type")
    ]
}

/// A leaflet, in the language it is handed on in.
struct LeafletScreen: Screen {
    static let template = "papers/leaflet"

    let leaflet: Leaflet
    /// Where to ask, as it is typed.
    let address: String
    let code: QRCode
    let sheet: Papers.Sheet

    func title(_ words: Words) -> String { words("front.title") }

    func shown(_ words: Words) -> Value {
        let (organization, program) = (leaflet.organization, leaflet.program)
        return .object(sheet.values).merging([
            "organization": .text(organization.name), "program": .text(program.name),
            "summary": .text(program.summary),
            "eligibility": leaflet.eligibility.isEmpty ? .nothing : .text(leaflet.eligibility),
            "houseLanguage": .text(organization.locale), "address": .text(address),
            "emergency": .text(leaflet.emergency), "telephone": Value(leaflet.telephone),
            "listPath": .text("/leaflets/\(organization.slug)"),
            "supportPath": .text("/get-support/\(organization.slug)"),
            "codeSize": .text("\(code.size)"), "code": .text(code.path)
        ])
    }
}

/// The leaflets of a house: one for each program that takes requests, in each language.
struct LeafletsScreen: Screen {
    static let template = "papers/leaflets"

    let organization: Organization
    let programs: [Program]
    let languages: [(code: String, name: String)]

    init(_ slug: String, _ languages: [(code: String, name: String)], in db: Reading) throws {
        organization = try Organization.find(slug: slug, in: db)
        programs = try Program.staffed(of: organization.id, in: db)
        self.languages = languages
    }

    func title(_ words: Words) -> String { words("leaflets.title") }

    func shown(_ words: Words) -> Value {
        [
            "organization": .text(organization.name), "none": .flag(programs.isEmpty),
            "programs": .list(
                programs.map { program in
                    let path = Leaflet.path(organization.slug, program.id)
                    return [
                        "name": .text(program.name), "path": .text(path),
                        "languages": .list(
                            languages.map { code, name in
                                [
                                    "path": .text("\(path)?language=\(code)"), "code": .text(code),
                                    "name": .text(name), "program": .text(program.name)
                                ]
                            })
                    ]
                })
        ]
    }
}
