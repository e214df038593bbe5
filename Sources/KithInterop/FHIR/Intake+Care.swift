import FHIR
import Kith

extension Intake {
    /// The RelatedPerson a request is for, where its Task names one that came along: somebody caring for its patient.
    func caregiver(in request: ServiceRequest, at index: Int) -> Int? {
        guard let (reference, origin) = subjectReference(of: request, at: index),
            case .item(let item) = delivery.target(of: reference, from: origin),
            delivery.items[item].type == "RelatedPerson"
        else { return nil }
        return item
    }

    /// Links a caregiver to the patient of their record, as far as that one is known or came along.
    mutating func link(_ caregiver: Person.ID, by item: Int) throws {
        let resource = delivery.items[item].resource
        guard let patient: Reference = resource.json.one("patient"),
            let caredFor = try whoIs(patient, from: item).person, caredFor != caregiver
        else { return }
        try Person.link(
            caregiver: caregiver, caringFor: caredFor, as: Self.relation(of: resource), of: sender.organization, in: db)
    }

    /// Whom they care for, as they see it; a record says it the other way round: who they are to the patient.
    private static func relation(of resource: Resource) -> String {
        let concepts: [CodeableConcept] = resource.json.all("relationship")
        let codes = Set(concepts.flatMap { $0.codings.compactMap(\.code) })
        let kinds: [(String, Set<String>)] = [
            ("spouse", ["SPS", "HUSB", "WIFE", "DOMPART", "SIGOTHR"]),
            (
                "parent",
                ["CHILD", "NCHILD", "SON", "NSON", "SONC", "DAU", "NDAU", "DAUC", "CHLDINLAW", "SONINLAW", "DAUINLAW"]
            ),
            ("child", ["PRN", "NPRN", "MTH", "NMTH", "FTH", "NFTH", "STPPRN", "ADOPTP"])
        ]
        return kinds.first { !$0.1.isDisjoint(with: codes) }?.0 ?? "other"
    }
}
