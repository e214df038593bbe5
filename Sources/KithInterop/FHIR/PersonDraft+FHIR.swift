import FHIR
import Kith
import Web

extension PersonDraft {
    /// What a Patient or RelatedPerson tells of somebody, and no more than is needed to reach them: name, language,
    /// year of birth, telephone and e-mail, town. Nil where it gives no name.
    /// - Parameter language: for somebody whose record names none.
    init?(_ resource: Resource, language: String, at moment: FHIRDate?) {
        let json = resource.json
        let names: [HumanName] = json.all("name")
        guard let preferred = HumanName.preferred(of: names, at: moment),
            let name = preferred.plain?.withoutHiddenMarks,
            !name.isEmpty
        else { return nil }
        self.init(
            name: name,
            called: names.first { $0.use == "nickname" && $0.plain != preferred.plain }?.plain?.withoutHiddenMarks,
            language: Self.languages(of: resource).first ?? language,
            birthYear: json["birthDate"]?.text.flatMap { FHIRDate($0, as: .date) }?.year,
            area: Self.town(json.all("address"), at: moment), channels: Self.channels(json.all("telecom"), at: moment))
    }

    /// Languages a record names, the preferred first, without regions: `en` for `en-US`.
    static func languages(of resource: Resource) -> [String] {
        let communications = resource.json["communication"]?.items ?? []
        let preferred = communications.filter { $0["preferred"]?.boolean == true }
        var languages: [String] = []
        for communication in preferred + communications {
            let concept: CodeableConcept? = communication.one("language")
            for code in concept?.codings.compactMap(\.code) ?? [] {
                let language = code.prefix { $0 != "-" }.lowercased()
                guard 2...3 ~= language.utf8.count, language.utf8.allSatisfy({ 97...122 ~= $0 }),
                    !languages.contains(language)
                else { continue }
                languages.append(language)
            }
        }
        return languages
    }

    /// Ways to reach them, the best first. Nothing says that a message may be left where others could hear it.
    private static func channels(_ points: [ContactPoint], at moment: FHIRDate?) -> [ContactChannel] {
        points.filter { $0.use != "old" && !($0.period?.isOver(at: moment) ?? false) }
            .enumerated()
            .sorted { ($0.element.rank ?? .max, $0.offset) < ($1.element.rank ?? .max, $1.offset) }
            .compactMap { _, point in
                let kind: ContactChannel.Kind? =
                    switch point.system {
                    case "phone": .phone
                    case "sms": .text
                    case "email": .email
                    default: nil
                    }
                guard let kind, let address = point.value?.trimmed, !address.isEmpty else { return nil }
                return ContactChannel(kind: kind, address: address, mayLeaveMessage: false)
            }
    }

    /// The town they live in, not the street.
    private static func town(_ addresses: [Address], at moment: FHIRDate?) -> String? {
        addresses.first { $0.use != "old" && $0.use != "billing" && !($0.period?.isOver(at: moment) ?? false) }?.city
    }
}

extension HumanName {
    /// Given and family name, without titles; else as it is written.
    var plain: String? {
        let parts = given + [family].compactMap { $0 }
        let name = (parts.isEmpty ? display ?? "" : parts.joined(separator: " ")).trimmed
        return name.isEmpty ? nil : name
    }
}

extension Period {
    func isOver(at moment: FHIRDate?) -> Bool {
        guard let end, let moment else { return false }
        return end.interval().upperBound <= moment.start()
    }
}

extension Resource {
    /// Why nobody should be made of it, if so.
    var unusableAsPerson: Unused? {
        if self["deceasedBoolean"]?.boolean == true || self["deceasedDateTime"] != nil { return .hasDied }
        if self["active"]?.boolean == false { return .notActive }
        return nil
    }

    /// The numbers somebody is known by. Government numbers are left out: nothing here needs them.
    var personalIdentifiers: [FHIR.Identifier] {
        json.all("identifier", as: FHIR.Identifier.self).filter { identifier in
            let isOfficial = ["SS", "DL", "PPN", "TAX", "MC"].contains {
                identifier.type?.has(CodeSystem.identifierType, $0) == true
            }
            return identifier.system != nil && identifier.value != nil && identifier.use != "old" && !isOfficial
                && identifier.system != "http://hl7.org/fhir/sid/us-ssn"
        }
    }
}
