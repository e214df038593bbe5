import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import Kith
import Media
import Web

extension PersonCopy {
    /// The same in FHIR R4, for another system to take in: a Bundle of kind `collection`.
    package func bundle(at moment: Instant) -> Resource {
        var resources = [patient]
        resources += requests.map(serviceRequest) + agreements.map(consent)
        for contact in contacts {
            resources.append(encounter(contact.encounter))
            if let document = document(contact) { resources.append(document) }
        }
        resources += letters.compactMap(communication)
        return Resource(
            "Bundle", id: nil,
            [
                "type": "collection", "timestamp": .string(moment.description),
                "entry": .list(
                    resources.map { ["fullUrl": .text($0.id.map { "urn:uuid:\($0)" }), "resource": $0.json] })
            ])
    }

    private var subject: JSON { ["reference": .string("urn:uuid:\(person.id)")] }

    private var patient: Resource {
        let systems: [ContactChannel.Kind: JSON] = [.phone: "phone", .text: "sms", .email: "email"]
        return Resource(
            "Patient", id: person.id.text,
            [
                "name": .list(
                    [["text": .text(person.name)]]
                        + (person.called.map { [["use": "nickname", "text": .text($0)]] } ?? [])),
                "birthDate": birthYear.map { .string("\($0)") },
                "communication": [
                    ["language": ["coding": [["system": "urn:ietf:bcp:47", "code": .string(person.language)]]]]
                ],
                "telecom": .list(
                    channels.compactMap { channel in
                        systems[channel.kind].map { ["system": $0, "value": .text(channel.address)] }
                    })
            ])
    }

    private func serviceRequest(_ request: Request) -> Resource {
        let referral = request.referral
        return Resource(
            "ServiceRequest", id: referral.id.text,
            [
                "identifier": [["value": .string(referral.reference)]],
                "status": referral.isOpen ? "active" : "completed", "intent": "order",
                "code": ["coding": [Coding.referralToPeerSupport.json], "text": .text(request.program)],
                "subject": subject, "authoredOn": .string(referral.receivedAt.description),
                "reasonCode": .text(request.reason).map { [["text": $0]] },
                "note": .list(
                    [request.wishes.words, request.feedback].compactMap { text in
                        JSON.text(text).map { ["text": $0] }
                    })
            ])
    }

    private func consent(_ agreement: Agreement) -> Resource {
        let isActive = agreement.granted && agreement.endedAt == nil
        let period: JSON = [
            "start": .string(agreement.givenAt.description), "end": .text(agreement.endedAt?.description)
        ]
        return Resource(
            "Consent", id: agreement.id.text,
            [
                "status": isActive ? "active" : agreement.granted ? "inactive" : "rejected",
                "scope": [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"]
                    ]
                ],
                "category": [["coding": [Coding.informationDisclosure.json]]], "patient": subject,
                "dateTime": .string(agreement.givenAt.description),
                "policyRule": ["text": .text(agreement.words)],
                "provision": [
                    "type": agreement.granted ? "permit" : "deny", "period": period,
                    "purpose": [["system": "urn:kith:consent-purpose", "code": .string(agreement.purpose.rawValue)]]
                ]
            ])
    }

    private func encounter(_ encounter: Kith.Encounter) -> Resource {
        let codes: [Encounter.Status: JSON] = [.planned: "planned", .done: "finished"]
        let classes: [Format: (code: JSON, display: JSON)] = [
            .inPerson: ("HH", "home health"), .phone: ("VR", "virtual"), .video: ("VR", "virtual")
        ]
        let kind = classes[encounter.mode] ?? ("VR", "virtual")
        return Resource(
            "Encounter", id: encounter.id.text,
            [
                "status": codes[encounter.status] ?? "cancelled",
                "class": [
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": kind.code,
                    "display": kind.display
                ],
                "subject": subject, "participant": [["individual": ["display": .text(encounter.supporterName)]]],
                "period": ["start": .string(encounter.startsAt.description)]
            ])
    }

    /// The note of a contact, with what was added to it.
    private func document(_ contact: Contact) -> Resource? {
        guard let note = contact.note, note.isReadable else { return nil }
        let texts = [note.text, note.personsWords, note.disagreement ?? ""] + contact.addenda.map(\.text)
        let text = texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        return Resource(
            "DocumentReference", id: nil,
            [
                "status": "current", "type": ["text": "Note of a peer support contact"], "subject": subject,
                "description": "Written in peer support. It is not a clinical record.",
                "context": ["encounter": [["reference": .string("urn:uuid:\(contact.encounter.id)")]]],
                "content": [
                    [
                        "attachment": [
                            "contentType": "text/plain; charset=utf-8",
                            "data": .string(Data(text.utf8).base64EncodedString())
                        ]
                    ]
                ]
            ])
    }

    private func communication(_ letter: SentWords) -> Resource? {
        guard let text = letter.text else { return nil }
        // A picture or a voice note is named here and taken from its own address.
        let file = letter.attachment.map { attachment -> JSON in
            [
                "contentAttachment": [
                    "contentType": .string(attachment.format.mediaType), "url": .text(letter.attachmentPath),
                    "title": .text(attachment.description)
                ]
            ]
        }
        let words: JSON? = text.isEmpty ? nil : ["contentString": .string(text)]
        return Resource(
            "Communication", id: letter.id.text,
            [
                "status": "completed", "subject": subject, "sent": .string(letter.sentAt.description),
                "sender": letter.isMine ? subject : ["display": .text(letter.sender)],
                "payload": .list([words, file].compactMap { $0 })
            ])
    }
}

extension Interop {
    /// One's own record for another system.
    static let ownRoutes: [Route] = [
        Route.get("/privacy/copy/fhir", .role(.participant)) { visit in
            let (copy, now) = try await visit.read { db in (try PersonCopy(of: db.me, in: db), db.now) }
            var response = FHIRAnswer(resource: copy.bundle(at: now)).response(at: "")
            response.headers[.contentDisposition] = "attachment; filename=\"record.json\""
            return response
        }.afterFreshProof().answering(.record)
    ]
}
