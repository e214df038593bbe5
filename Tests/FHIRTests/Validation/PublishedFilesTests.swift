import FHIR
import Testing

@Suite("Published files", .enabled(if: SharedData.isPresent, "\(SharedData.whySkipped)"))
struct PublishedFilesTests {
    /// What is wrong with each file of a set, as "file: path".
    private func faults(_ set: String) throws -> [String] {
        try SharedData.files(set).flatMap { file in
            Validator().issues(in: try JSON(parsing: file.bytes)).filter(\.isError).map { "\(file): \($0.path)" }
        }
    }

    @Test("Valid files are found valid", arguments: SharedData.validSets)
    func valid(_ set: String) throws {
        #expect(try !SharedData.files(set).isEmpty)
        #expect(try faults(set) == [])
    }

    @Test("The files of the behavioral health guide that are not R4 are found, and no others")
    func invalid() throws {
        let documents = ["consult-note", "discharge-summary", "procedure", "progress"].map {
            "DocumentReference-mental-health-\($0)-example-1.json: DocumentReference.date"
        }
        // The quantity is an empty object, which R4's JSON format does not allow.
        let empty =
            "MedicationRequest-paroxetine-discharge-med-example-1.json: MedicationRequest.dispenseRequest.quantity"
        #expect(try faults("fhir-us-behavioral-health") == documents + [empty])
    }
}
