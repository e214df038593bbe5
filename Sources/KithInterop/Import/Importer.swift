import FHIR
import Kith

/// Takes in Bundles, single resources and NDJSON from disk.
package struct Importer: Sendable {
    package init() {}

    /// Reads the files together, so that a reference in one finds what stands in another, in whatever order they come.
    /// Each file is one transaction: it is taken as a whole or refused as a whole. What came before is not taken twice.
    /// - Parameters:
    ///   - files: their names, for the report, and what is in them.
    ///   - program: where a referral arrives that fits no other program of the organization better.
    ///   - progress: told after each file how many are done.
    /// - Throws: only what makes going on senseless, such as a store that fails. The files before are taken then, and
    ///   a second run takes up where this one ended.
    package func run(
        files: [(name: String, bytes: [UInt8])], into platform: Platform, organization: Organization.ID,
        program: Program.ID, progress: @Sendable (_ done: Int) -> Void = { _ in }
    ) async throws -> ImportReport {
        var delivery = Delivery()
        let contents = files.map { ReadFile($0.bytes, named: $0.name, into: &delivery) }
        let (whole, tasks) = (delivery, delivery.requestingTasks)
        var report = ImportReport()
        // What an earlier file already needed of a later one, such as the Patient of its request.
        var earlier: [Int: Receipt] = [:]
        for (file, content) in zip(files, contents) {
            defer { progress(report.files.count) }
            guard content.problems.isEmpty else {
                report.files.append(ImportReport.File(file.name, refusedFor: content.problems))
                continue
            }
            do {
                let receipts = try await platform.write(as: .system(organization), access: .anyone) { db in
                    var intake = Intake(whole, tasks: tasks, from: try Sender.files(for: program, in: db), in: db)
                    try intake.take(content.items)
                    return intake.receipts
                }
                earlier.merge(receipts) { first, _ in first }
                let own = content.items.compactMap { index in earlier[index].map { (whole.items[index], $0) } }
                report.files.append(ImportReport.File(file.name, own))
            } catch let outcome as OperationOutcome {
                report.files.append(ImportReport.File(file.name, refusedFor: outcome.issues))
            }
        }
        return report
    }
}

/// What could be read of a file.
private struct ReadFile: Sendable {
    /// The items of the delivery that are its resources.
    private(set) var items: [Int] = []
    /// Why it is refused; empty where it is not.
    private(set) var problems: [Issue] = []

    init(_ bytes: [UInt8], named name: String, into delivery: inout Delivery) {
        do throws(OperationOutcome) {
            // Everything is looked at before anything is added: a file that is refused is not there for others either.
            let resources = try Self.resources(in: bytes, named: name)
            var bundles: [Int: FHIRBundle] = [:]
            for (position, (resource, _)) in resources.enumerated() where resource.type == "Bundle" {
                bundles[position] = try FHIRBundle(resource)
            }
            for (position, (resource, path)) in resources.enumerated() {
                guard let bundle = bundles[position] else {
                    items.append(delivery.add(resource, path: path))
                    continue
                }
                if Self.walked.contains(bundle.kind) { items += delivery.add(bundle) }
            }
        } catch {
            problems = error.issues.filter(\.isError)
        }
    }

    /// The Bundles that hold resources; the rest tell what was done elsewhere.
    private static let walked: Set<FHIRBundle.Kind> = [
        .transaction, .batch, .collection, .document, .message, .searchset
    ]

    /// Every resource with its path, all of them valid.
    private static func resources(
        in bytes: [UInt8], named name: String
    ) throws(OperationOutcome) -> [(Resource, path: String)] {
        // XML begins with an angle bracket, perhaps after a mark of its byte order and white space.
        guard bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) != 0x3C else {
            throw OperationOutcome(Issue(.fatal, .notSupported, "is XML; only JSON and NDJSON are read so far"))
        }
        let name = name.lowercased()
        guard name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") else {
            return [try valid(Result { () throws(Issue) in try Resource(parsing: bytes) })]
        }
        var resources: [(Resource, path: String)] = []
        var issues: [Issue] = []
        for line in NDJSONReader.lines(of: bytes) {
            do throws(OperationOutcome) {
                let (resource, path) = try valid(line.content)
                resources.append((resource, "line \(line.number): \(path)"))
            } catch {
                issues += error.issues.map { issue in
                    // A line that is no JSON says itself where it is broken.
                    let path = issue.path.isEmpty ? "" : "line \(line.number): \(issue.path)"
                    return Issue(issue.severity, issue.code, at: path, issue.message)
                }
            }
        }
        guard !issues.contains(where: \.isError) else { throw OperationOutcome(issues) }
        return resources
    }

    private static func valid(_ read: Result<Resource, Issue>) throws(OperationOutcome) -> (Resource, path: String) {
        switch read {
        case .failure(let issue): throw OperationOutcome(issue)
        case .success(let resource):
            try FHIRDoor.validate(resource)
            return (resource, resource.type)
        }
    }
}
