import FHIR
import Testing

@Suite("Codes of peer-support referrals")
struct CodesTests {
    @Test("A task for a peer-support referral, built from these codes, is valid FHIR")
    func task() throws {
        let task = Resource(
            "Task", id: "1",
            [
                "status": .string(TaskStatus.requested.rawValue),
                "businessStatus": CodeableConcept(ReferralBusinessStatus.created.coding).json,
                "intent": .string(RequestIntent.order.rawValue),
                "priority": .string(RequestPriority.routine.rawValue),
                "code": CodeableConcept(.fulfill).json,
                "focus": Reference(ResourceKey("ServiceRequest", "1")).json,
                "for": Reference(ResourceKey("Patient", "1"), display: "Ana").json,
                "authoredOn": "2026-11-21T09:30:00Z",
                "output": [
                    [
                        "type": CodeableConcept(GravityCode.resultingActivity.coding).json,
                        "valueReference": Reference(ResourceKey("Procedure", "1")).json
                    ]
                ]
            ])
        #expect(Validator().issues(in: task.json) == [])
        #expect(CodeableConcept(try #require(task["output"]?[0]?["type"])).has(.resultingActivity))
        #expect(ReferralBusinessStatus(CodeableConcept(try #require(task["businessStatus"]))) == .created)
    }

    @Test("Final states of a task have nothing after them")
    func finalStates() {
        #expect(TaskStatus.allCases.filter(\.isFinal) == [.rejected, .cancelled, .failed, .completed, .enteredInError])
        #expect(TaskStatus.allCases.filter { !$0.isAllowedByGravity } == [.received, .ready])
    }

    @Test(
        "Published examples use these codes", .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"),
        arguments: [
            (
                "fhir-us-behavioral-health", "ServiceRequest-ServiceRequest-peer-mentoring-example-1.json",
                Coding.referralToPeerSupport
            ),
            (
                "fhir-us-behavioral-health", "ServiceRequest-ServiceRequest-peer-mentoring-example-1.json",
                .socialServiceProcedure
            ),
            (
                "fhir-us-behavioral-health", "ServiceRequest-ServiceRequest-peer-mentoring-example-1.json",
                GravityCode.socialConnection.coding
            ),
            (
                "fhir-us-behavioral-health", "Consent-SDOHCC-ConsentInformationDisclosure-example-1.json",
                .informationDisclosure
            ),
            (
                "fhir-gravity-sdohcc", "Task-SDOHCC-TaskReferralManagementOrderFulfillmentCompletedExample.json",
                .fulfill
            ),
            (
                "fhir-gravity-sdohcc", "Task-SDOHCC-TaskReferralManagementOrderFulfillmentCompletedExample.json",
                GravityCode.resultingActivity.coding
            ),
            ("fhir-bser", "Task-task-bser-referral-task.json", ReferralBusinessStatus.completed.coding),
            ("fhir-bser", "Task-task-bser-referral-task.json", .placerIdentifier),
            ("fhir-bser", "Task-task-bser-referral-task.json", .fillerIdentifier),
            ("fhir-bser", "ServiceRequest-servicerequest-referral-servicerequest.json", .patientReferral),
            ("fhir-bser", "MessageHeader-messageheader-bser-referral-messageheader.json", .referralMessage)
        ])
    func published(_ set: String, _ name: String, _ coding: Coding) throws {
        let file = try #require(try SharedData.files(set).first { $0.name == name })
        #expect(codings(in: try JSON(parsing: file.bytes)).contains { $0.means(coding) })
    }

    private func codings(in json: JSON) -> [Coding] {
        let here = json["system"] != nil && json["code"] != nil ? [Coding(json)] : []
        return here + json.members.flatMap { codings(in: $0.value) } + json.items.flatMap { codings(in: $0) }
    }
}
