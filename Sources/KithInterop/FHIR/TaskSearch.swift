import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import Kith
import Storage
import Web

extension FHIRDoor {
    /// GET of Tasks: those of the partner that fit.
    func searchTasks() async throws -> FHIRAnswer {
        let query = visit.request.uri.query ?? ""
        let prefer = HTTPField.Name("Prefer").flatMap { visit.request.headers[$0] } ?? ""
        let isStrict = prefer.lowercased().filter { $0 != " " }.contains("handling=strict")
        return try await visit.read { FHIRAnswer(resource: try search(query, isStrict: isStrict, in: $0)) }
    }

    func search(_ query: String, isStrict: Bool, in db: Reading) throws -> Resource {
        let search = try TaskSearch(query, in: db)
        let issues = search.query.unknownIssues(strict: isStrict)
        guard !isStrict || issues.isEmpty else { throw OperationOutcome(issues, status: 400) }
        let (tasks, next) = try search.page(of: db.partner, in: db) { $0.task(at: address, words: words, in: db.world) }
        var found = tasks.map { FHIRBundle.Found($0, at: "\(base)/Task/\($0.id ?? "")") }
        if !issues.isEmpty { found.append(.init(OperationOutcome(issues).resource, at: nil, as: .outcome)) }
        var links = [(relation: "self", url: "\(base)/Task" + (search.own.isEmpty ? "" : "?\(search.own)"))]
        if let next {
            links.append(("next", "\(base)/Task?" + (search.own.isEmpty ? "" : "\(search.own)&") + "_after=\(next)"))
        }
        let isWhole = next == nil && search.after == nil
        return FHIRBundle.searchset(
            found, total: isWhole ? tasks.count : nil, links: links, at: FHIRDate(db.now.description, as: .instant))
    }
}

/// A search for Tasks: what the store can narrow down it does; what depends on what the partner may see is decided on
/// the Task it would be shown, so that a search never tells more than a read.
struct TaskSearch {
    static let parameters: [SearchParameter] = [
        .token("status"), .reference("patient", to: "Patient"), .token("_after")
    ]
    static let pageSize = 20
    static let largestPage = 50

    let query: SearchQuery
    let after: Referral.ID?
    /// The query as it was understood, without the place where the page begins.
    let own: String
    private let patients: Set<Person.ID>?

    init(_ text: String, in db: Reading) throws {
        query = try SearchQuery(text, parameters: Self.parameters)
        own = text.split(separator: "&").filter { !$0.hasPrefix("_after=") }.joined(separator: "&")
        after =
            query.filters.lazy.compactMap { filter -> Referral.ID? in
                guard filter.parameter == "_after", case .token(let tokens) = filter.condition else { return nil }
                return tokens.first?.code.flatMap { Referral.ID(untrusted: $0) }
            }.first
        patients = try Self.patients(in: query, db)
    }

    /// One page, and where the next begins. A page may be short, where the store could not narrow it down.
    func page(
        of partner: Partner.ID, in db: Reading, _ task: (PartnerReferral) -> Resource
    ) throws -> (tasks: [Resource], next: Referral.ID?) {
        let size = min(max(query.count ?? Self.pageSize, 1), Self.largestPage)
        let found = try PartnerReferral.all(of: partner, where: narrowed, most: size + 1, in: db)
        let page = found.prefix(size)
        let tasks = page.compactMap { referral in
            let task = task(referral)
            guard fits(task) else { return Resource?.none }
            db.disclose(.status, of: referral.referral.person)
            return task
        }
        return (tasks, found.count > size ? page.last?.referral.id : nil)
    }

    private var narrowed: SQL {
        var sql: SQL = ""
        if let after { sql.append("AND r.id > \(after) ") }
        if let patients { sql.append("AND r.person_id IN \(list: patients.sorted()) ") }
        for filter in query.filters {
            switch (filter.parameter, filter.condition) {
            case ("_id", .token(let tokens)): sql.append("AND r.id IN \(list: tokens.compactMap(\.code)) ")
            case ("status", .token(let tokens)):
                let states = ReferralState.allCases.filter { state in
                    tokens.contains { $0.code.map(state.mayShow) ?? true }
                }
                sql.append("AND r.state IN \(list: states) ")
            case ("_lastUpdated", .date(let dates)): sql.append(Self.changed(since: dates))
            default: break
            }
        }
        return sql
    }

    /// Where something happened that may have changed a Task, from the earliest of the dates on.
    private static func changed(since dates: [SearchDate]) -> SQL {
        let bounded: [SearchDate.Prefix] = [.equal, .greater, .greaterOrEqual, .startsAfter]
        guard dates.allSatisfy({ bounded.contains($0.prefix) }), let first = dates.map({ $0.date.start() }).min()
        else { return "" }
        let since = Instant(milliseconds: Int64((first.timeIntervalSince1970 * 1_000).rounded(.down)))
        return """
            AND (r.received_at >= \(since) OR EXISTS (SELECT 1 FROM referral_notice n
                    WHERE n.organization_id = r.organization_id AND n.referral_id = r.id AND n.at >= \(since))
                OR EXISTS (SELECT 1 FROM referral t JOIN consent c ON c.organization_id = t.organization_id
                        AND c.person_id = t.person_id AND c.program_id = t.program_id
                    WHERE t.organization_id = r.organization_id AND t.id = coalesce(r.merged_into_id, r.id)
                    AND c.purpose = \(Consent.Purpose.shareStatus)
                    AND (c.given_at >= \(since) OR c.ended_at >= \(since))))
            """
    }

    private func fits(_ task: Resource) -> Bool {
        query.filters.allSatisfy { filter in
            switch (filter.parameter, filter.condition) {
            case ("_id", let condition): Self.fits(task.id, condition)
            case ("status", let condition): Self.fits(task["status"]?.text, condition)
            case ("_lastUpdated", .date(let dates)):
                dates.contains { date in
                    task.lastUpdated.map { date.matches($0.interval(), now: $0.start()) } ?? false
                }
            case (_, .isMissing(let isMissing)): !isMissing
            default: true
            }
        }
    }

    private static func fits(_ code: String?, _ condition: SearchCondition) -> Bool {
        switch condition {
        case .token(let tokens): tokens.contains { $0.code == code }
        case .notToken(let tokens): !tokens.contains { $0.code == code }
        case .isMissing(let isMissing): !isMissing
        default: true
        }
    }

    /// The people that a `patient` means: by the id the partner sent, or the one they have here.
    private static func patients(in query: SearchQuery, _ db: Reading) throws -> Set<Person.ID>? {
        var people: Set<Person.ID>?
        for filter in query.filters where filter.parameter == "patient" {
            guard case .reference(let references) = filter.condition else { continue }
            var found: Set<Person.ID> = []
            for reference in references {
                let sender = try Sender.partner(db.partner, in: db)
                if let person = try ReceivedResource.find("Patient", reference.id, from: sender, in: db)?.person {
                    found.insert(person)
                } else if let person = Person.ID(untrusted: reference.id) {
                    found.insert(person)
                }
            }
            people = people?.intersection(found) ?? found
        }
        return people
    }
}

extension ReferralState {
    /// Whether a Task in this state can be shown with that status, depending on what was released and on what it was
    /// joined with.
    fileprivate func mayShow(_ status: String) -> Bool {
        switch self {
        case .draft: false
        case .received: status == "requested" || status == "received"
        case .accepted, .inProgress, .scheduled, .unattended, .eventCancelled, .attended:
            status == "accepted" || status == "in-progress"
        case .cancellationRequested: ["requested", "received", "accepted", "in-progress"].contains(status)
        case .completed: ["accepted", "cancelled", "completed"].contains(status)
        case .cancelled: ["requested", "received", "accepted", "cancelled"].contains(status)
        case .rejected: true
        }
    }
}
