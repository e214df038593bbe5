import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import Kith
import Logging
import Storage
import Web

/// One request below `/fhir`: what form it has, what form its answer may have, and how everything that goes wrong is
/// said as an OperationOutcome.
struct FHIRDoor: Sendable {
    let visit: Visit

    /// The largest body, in bytes: a long record with all its years.
    static let bodyLimit = 8 << 20

    /// Without `/fhir`: `https://support.riverside.example`.
    var address: String { visit.place.address }
    var base: String { "\(address)/fhir" }
    /// English, like the standard's own words; a Task must not read differently for each who asks.
    var words: Words { Words(visit.platform.shelf.translations["en"], zone: "UTC", now: visit.platform.world.now()) }

    /// Makes a route's handler of what is to be answered.
    static func handler(
        _ work: @escaping @Sendable (FHIRDoor) async throws -> FHIRAnswer
    ) -> @Sendable (Visit) async throws -> Response {
        { visit in
            let door = FHIRDoor(visit: visit)
            do {
                try door.negotiate()
                return try await work(door).response(at: door.base)
            } catch {
                return try door.outcome(of: error).response()
            }
        }
    }

    /// What went wrong, as far as the one who asks may know. Everything unforeseen becomes a number.
    func outcome(of error: any Error) throws -> OperationOutcome {
        switch error {
        case let outcome as OperationOutcome: return outcome
        case let issue as Issue: return OperationOutcome(issue)
        case let problem as Problem: return OperationOutcome(problem, words)
        case let refusal as Refusal:
            return OperationOutcome(Issue(.error, .processing, refusal.sentence), status: refusal.status.code)
        case is CancellationError: throw error
        default:
            let reference = String(visit.platform.world.newIdentifier().suffix(8))
            visit.context.logger.error(
                "fault", metadata: ["reference": "\(reference)", "what": "\(String(reflecting: error))"])
            let breakdown = Breakdown(error)
            let told: (code: Issue.Code, what: String) =
                switch breakdown {
                case .noRoom: (.noStore, "There is no room left to save anything. Please try again later.")
                case .away: (.transient, "Our records cannot be reached for the moment. Please try again.")
                case .fault: (.exception, "Something went wrong on our side.")
                }
            return OperationOutcome(
                Issue(.fatal, told.code, "\(told.what) Please tell us this number: \(reference)"),
                status: breakdown.status.code)
        }
    }

    /// Changes something. Two deliveries of the same thing at once meet at a unique index; the second then finds what
    /// the first one did.
    func write<T: Sendable>(_ work: @escaping @Sendable (Writing) throws -> T) async throws -> T {
        for _ in 1...2 {
            do {
                return try await visit.write(work)
            } catch let error as StoreError where error.kind == .unique {
                continue
            }
        }
        return try await visit.write(work)
    }

    /// The resource in the body, valid in every part.
    /// - Parameter type: the only type that is expected.
    func resource(_ type: String) async throws -> Resource {
        let resource = try await body()
        guard resource.type == type else {
            throw OperationOutcome(Issue(.error, .structure, at: "resourceType", "a \(type) was expected here"))
        }
        try Self.validate(resource)
        return resource
    }

    /// The resource in the body, not looked into.
    func body() async throws -> Resource {
        try requireJSON()
        // A stranger's body is not read.
        try await visit.read { _ in }
        return try Resource(parsing: await bytes())
    }

    static func validate(_ resource: Resource) throws(OperationOutcome) {
        let issues = Validator().issues(in: resource.json)
        guard !issues.contains(where: \.isError) else { throw OperationOutcome(issues) }
    }

    private func bytes() async throws -> [UInt8] {
        let tooLong = OperationOutcome(Issue(.fatal, .tooLong, "A body may have \(Self.bodyLimit >> 20) MB at most."))
        if let length = visit.request.headers[.contentLength].flatMap({ Int($0) }), length > Self.bodyLimit {
            throw tooLong
        }
        var bytes: [UInt8] = []
        for try await part in visit.request.body {
            guard bytes.count + part.readableBytes <= Self.bodyLimit else { throw tooLong }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    private func requireJSON() throws(OperationOutcome) {
        let type = visit.request.headers[.contentType]?.prefix { $0 != ";" }.trimmed.lowercased()
        guard let type, Self.jsonTypes.contains(type) else {
            let isXML = type?.contains("xml") == true
            throw OperationOutcome(
                Issue(
                    .fatal, .notSupported,
                    isXML
                        ? "XML is not read here yet; please send \(FHIRAnswer.mediaType)."
                        : "Please send \(FHIRAnswer.mediaType)."), status: 415)
        }
    }

    /// Answers are JSON. Whoever takes something else only is told so before anything is done.
    private func negotiate() throws {
        let format = try visit.query["_format"]?.lowercased()
        let accepted = format ?? visit.request.headers[.accept]?.lowercased()
        guard let accepted else { return }
        let types = accepted.split(separator: ",").map { $0.prefix { $0 != ";" }.trimmed }
        let understood = Self.jsonTypes + ["json", "*/*", "application/*"]
        guard types.contains(where: { understood.contains($0) || $0 == "application/fhir json" }) else {
            throw OperationOutcome(
                Issue(.fatal, .notSupported, "Answers are \(FHIRAnswer.mediaType) only so far."), status: 406)
        }
    }

    private static let jsonTypes = [FHIRAnswer.mediaType, "application/json", "text/json"]
}
