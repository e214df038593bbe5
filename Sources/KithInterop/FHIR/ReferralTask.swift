import FHIR

/// A Task read: the asking that goes with a ServiceRequest. http://hl7.org/fhir/R4/task.html
struct ReferralTask {
    let json: JSON
    let profiles: [String]

    init(_ resource: Resource) {
        json = resource.json
        profiles = resource.profiles
    }

    var status: TaskStatus? { json["status"]?.text.flatMap(TaskStatus.init) }
    var focus: Reference? { json.one("focus") }
    var beneficiary: Reference? { json.one("for") }
    var identifiers: [FHIR.Identifier] { json.all("identifier") }

    var businessStatus: ReferralBusinessStatus? {
        json.one("businessStatus", as: CodeableConcept.self).flatMap { ReferralBusinessStatus($0) }
    }

    /// Why its status is what it is, in words.
    var statusReason: String? {
        json.one("statusReason", as: CodeableConcept.self)?.label.map { String($0.prefix(1_000)) }
    }

    /// Whether it asks for the request in its focus to be carried out. BSeR says `received` where others say
    /// `requested`.
    var isRequest: Bool {
        guard status == .requested || status == .received, json["intent"]?.text == "order", focus != nil else {
            return false
        }
        guard let code: CodeableConcept = json.one("code"), !code.codings.isEmpty else { return true }
        return code.has(.fulfill)
    }

    /// Whether the sender wants to stop.
    var asksToStop: Bool { status == .cancelled || businessStatus == .cancellationRequested }
}

/// Whose rules a partner's Task follows, as far as that changes what it is answered.
enum Guide: String, Sendable {
    case gravity, bser, none

    init(profiles: [String]) {
        if profiles.contains(where: { $0.contains("/us/sdoh-clinicalcare/") }) {
            self = .gravity
        } else if profiles.contains(where: { $0.contains("/us/bser/") }) {
            self = .bser
        } else {
            self = .none
        }
    }
}
