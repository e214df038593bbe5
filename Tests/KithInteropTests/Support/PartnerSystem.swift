import FHIR
import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Storage
import Testing

/// A hospital's system that talks to `/fhir`. Every answer it gets must be valid R4, or the test fails.
struct PartnerSystem: Sendable {
    /// An answer, read.
    struct Reply: Sendable {
        let status: Int
        let json: JSON
        let headers: HTTPFields

        /// The plain words of the first issue of an OperationOutcome.
        var issue: String? { json["issue", 0, "details", "text"]?.text }
        var issuePath: String? { json["issue", 0, "expression", 0]?.text }
        var etag: String? { headers[.eTag] }
        /// The id at the end of the Location.
        var id: String { headers[.location]?.split(separator: "/").last.map(String.init) ?? "" }
    }

    let browser: TestBrowser
    let token: Secret?

    func get(_ path: String, accept: String? = nil) async throws -> Reply {
        try await send(path, .get, nil, accept.map { [.accept: $0] } ?? [:])
    }

    func post(_ path: String, _ json: JSON, _ headers: HTTPFields = [:]) async throws -> Reply {
        try await send(path, .post, json.serialized(), headers)
    }

    func put(_ path: String, _ json: JSON, ifMatch: String? = nil) async throws -> Reply {
        try await send(path, .put, json.serialized(), ifMatch.map { [.ifMatch: $0] } ?? [:])
    }

    func send(
        _ path: String, _ method: HTTPRequest.Method, _ body: String?, _ headers: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token.text)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/fhir+json" }
        let answer = try await browser.send(path, method, body ?? "", headers)
        #expect(answer.headers[.contentType]?.hasPrefix("application/fhir+json") == true, "\(method) \(path)")
        let json = try JSON(parsing: answer.text)
        let issues = Validator().issues(in: json)
        #expect(issues.isEmpty, "\(method) \(path): \(issues)")
        return Reply(status: Int(answer.status.code), json: json, headers: answer.headers)
    }
}

/// Two hospitals that send to two neighboring organizations.
struct Hospitals: Sendable {
    let village: Village
    /// Sends to Riverside.
    let ours: PartnerSystem
    /// Sends to Hillside, next door.
    let nextDoor: PartnerSystem
    /// Has no token.
    let stranger: PartnerSystem
    /// Ana at her browser.
    let ana: TestBrowser
}

/// Runs `body` in a fresh village that other systems can talk to.
func withHospitals<T: Sendable>(
    _ engine: TestEngine, _ body: @escaping @Sendable (Hospitals) async throws -> T
) async throws -> T {
    try await withVillage(engine, features: Features.all + [Interop.feature]) { village in
        try await village.browsing { browser in
            let hospitals = Hospitals(
                village: village, ours: PartnerSystem(browser: browser(nil), token: village.riverside.partnerToken),
                nextDoor: PartnerSystem(browser: browser(nil), token: village.hillside.partnerToken),
                stranger: PartnerSystem(browser: browser(nil), token: nil), ana: browser(village.ana))
            return try await body(hospitals)
        }
    }
}

extension Village {
    /// How many lines a few tables have: what a refused delivery must leave as it was.
    func counts() async throws -> [String: Int] {
        try await platform.read(as: .system(riverside.organization), access: .anyone) { db in
            [
                "person": try db.value("SELECT count(*) FROM person") ?? 0,
                "referral": try db.value("SELECT count(*) FROM referral") ?? 0,
                "received_resource": try db.value("SELECT count(*) FROM received_resource") ?? 0,
                "person_identifier": try db.value("SELECT count(*) FROM person_identifier") ?? 0,
                "referral_identifier": try db.value("SELECT count(*) FROM referral_identifier") ?? 0,
                "referral_exchange": try db.value("SELECT count(*) FROM referral_exchange") ?? 0
            ]
        }
    }

    /// A referral as its coordinator finds it.
    func referral(_ id: String) async throws -> Referral {
        try await read(as: ana) { try Referral.find(Referral.ID(id), in: $0) }
    }

    /// Something Ana does with a referral.
    func ana(_ id: String, _ work: @escaping @Sendable (Referral, Writing) throws -> Void) async throws {
        clock.advance(hours: 1)
        try await write(as: ana) { try work(Referral.find(Referral.ID(id), in: $0), $0) }
    }

    /// The person lets the referrer know how it goes, or no longer does; Ana writes it down.
    func shareStatus(_ shares: Bool, of referral: Referral) async throws {
        clock.advance(hours: 1)
        let (program, person) = (referral.program, referral.person)
        if shares { try await publishConsentTexts(of: riverside) }
        try await write(as: ana) { db in
            guard shares else {
                return try Consent.withdraw(.shareStatus, of: person, in: program, by: .voice, db: db)
            }
            let text = try ConsentText.current(of: program, for: "en", in: db).first { $0.purpose == .shareStatus }
            guard let text else { throw Problem.notFound }
            let yes = Consent.Answer(purpose: .shareStatus, granted: true, text: text.id)
            try Consent.record(
                yes, of: person, in: program, by: .voice(witness: "Wilma Wood"), signedAs: "Nora North", db: db)
        }
    }
}
