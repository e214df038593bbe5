import Foundation
import Kith
import Storage

extension Order.Bench {
    func addOrganization(
        _ name: String, _ slug: String, _ timeZone: String, _ program: String, _ administrator: String
    ) async throws -> Order.Outcome {
        let (name, program) = (try given(name, "name"), try given(program, "program"))
        let administrator = try given(administrator, "administrator")
        guard TimeZone(identifier: timeZone) != nil else { throw OpenError("There is no time zone “\(timeZone)”.") }
        guard !slug.isEmpty, slug.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }) else {
            throw OpenError("The short name may hold small letters, digits and dashes.")
        }
        let organization = Organization.ID(platform.world.newIdentifier())
        let secret = platform.world.newSecret()
        let founding = Founding(name: name, slug: slug, timeZone: timeZone, program: .init(name: program))
        do {
            try await write(organization) { db in
                let person = try founding.begin(with: PersonDraft(name: administrator), in: db)
                try Invitation.send(to: person, of: organization, secret: secret, in: db)
            }
        } catch let error as StoreError where error.kind == .unique {
            throw OpenError("There is an organization with the short name “\(slug)” already.")
        }
        return Order.Outcome(
            output:
                "Opened \(name). \(administrator) comes in, once, within \(Invitation.days) days at \(wayIn(secret))\n"
        )
    }

    func addSite(_ aim: Order.Aim, _ name: String) async throws -> Order.Outcome {
        let name = try given(name, "name")
        let house = try await house(aim)
        _ = try await write(house) { try Organization.addSite(named: name, in: $0) }
        return Order.Outcome(output: "Added the site \(name).\n")
    }

    /// Whoever administers the organization administers the new program too.
    func addProgram(
        _ aim: Order.Aim, _ name: String, _ summary: String, _ site: String, _ eligibility: String, _ topics: [String]
    ) async throws -> Order.Outcome {
        let name = try given(name, "name")
        let house = try await house(aim)
        let topics = try topics.map { text in
            let topic = Topic(named: text)
            guard !topic.code.isEmpty else { throw OpenError("A topic needs a name.") }
            return topic
        }
        guard Set(topics.map(\.code)).count == topics.count else { throw OpenError("Two topics have the same name.") }
        try await write(house) { db in
            let sites = try Organization.sites(in: db)
            let place = sites.first { $0.name.lowercased() == site.trimmed.lowercased() }
            guard site.isEmpty || place != nil else {
                throw OpenError(
                    sites.isEmpty
                        ? "There is no site yet: kith site add."
                        : "Which site? --site “\(sites.map(\.name).joined(separator: "” | “"))”")
            }
            _ = try Program.open(
                named: name, summary: summary, at: place?.id, policy: Policy(eligibility: eligibility), topics: topics,
                in: db)
        }
        return Order.Outcome(
            output: "Added the program \(name).\n",
            error: "Nobody coordinates it yet: kith user role add, or kith user add.")
    }

    func addPartner(_ aim: Order.Aim, _ name: String) async throws -> Order.Outcome {
        let name = try given(name, "name")
        let (house, program) = try await place(aim)
        let secret = platform.world.newSecret()
        try await write(house) { db in
            _ = try Organization.addPartner(named: name, sendingTo: program, token: secret, in: db)
        }
        return Order.Outcome(output: "Added \(name). Its bearer token, shown only now: \(secret.text)\n")
    }

    /// The policy in force, as JSON to be edited and published again.
    func showPolicy(_ aim: Order.Aim) async throws -> Order.Outcome {
        let (house, program) = try await place(aim)
        let published = try await read(house) { try PublishedPolicy.current(of: program, in: $0) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Order.Outcome(
            output: String(decoding: try encoder.encode(published.policy), as: UTF8.self) + "\n",
            error: "This is version \(published.version).")
    }

    func publishPolicy(_ aim: Order.Aim, _ text: Data) async throws -> Order.Outcome {
        let (house, program) = try await place(aim)
        let policy = try Self.policy(text)
        let version = try await write(house) { try Program.publish(policy, for: program, in: $0) }
        return Order.Outcome(
            output: "Published version \(version). Referrals that are here keep the version they were judged by.\n")
    }

    /// Reads a policy strictly: whatever is missing or unknown would otherwise change in silence.
    static func policy(_ text: Data) throws -> Policy {
        let known = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Policy())) as? [String: Any] ?? [:]
        guard let given = try? JSONSerialization.jsonObject(with: text) as? [String: Any] else {
            throw OpenError("The policy cannot be read as a JSON object. “kith policy show” prints one to begin with.")
        }
        for key in given.keys.sorted() where known[key] == nil {
            throw OpenError("A policy has no “\(key)”; it has \(known.keys.sorted().joined(separator: ", ")).")
        }
        for key in known.keys.sorted() where given[key] == nil { throw OpenError("The policy lacks “\(key)”.") }
        let policy: Policy
        do {
            policy = try JSONDecoder().decode(Policy.self, from: text)
        } catch let error as DecodingError {
            throw OpenError("The policy cannot be used as it stands at \(error.place).")
        }
        guard policy.flaws.isEmpty else { throw OpenError(policy.flaws.joined(separator: " ")) }
        return policy
    }

    func publishConsent(
        _ aim: Order.Aim, _ purpose: String, _ language: String, _ text: String
    ) async throws -> Order.Outcome {
        guard let purpose = Consent.Purpose(rawValue: purpose) else {
            throw OpenError("A purpose is one of \(Consent.Purpose.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard language.wholeMatch(of: /[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/) != nil else {
            throw OpenError("A language is written like en, es or zh-Hant.")
        }
        guard !text.trimmed.isEmpty else { throw OpenError("There are no words in the file.") }
        guard text.trimmed.count <= ConsentText.longest else {
            throw OpenError("The words are too long; they may have \(ConsentText.longest) characters.")
        }
        let (house, program) = try await place(aim)
        let version = try await write(house) { db in
            try ConsentText.publish(body: text, purpose: purpose, language: language, program: program, in: db).version
        }
        return Order.Outcome(
            output: "Published version \(version). What was agreed to before keeps the words it was in.\n")
    }
}

extension DecodingError {
    /// Where it went wrong, in the names of the file.
    fileprivate var place: String {
        let path: [any CodingKey] =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        return path.isEmpty ? "its beginning" : "“\(path.map(\.stringValue).joined(separator: "."))”"
    }
}
