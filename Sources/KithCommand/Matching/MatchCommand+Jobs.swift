import Foundation
import Matching
import Storage

extension MatchCommand {
    /// Optimal, stable, fair or even. What is measured goes from what the files hold, in memory, to the assignment.
    func assign(in folder: InstanceFolder) throws -> (MatchReport, Assignment) {
        let begin: () throws -> Pairs
        if (from ?? (folder.hasEdges ? .edges : .attributes)) == .edges {
            let edges = try folder.edges()
            begin = { try folder.pairs(of: edges) }
        } else {
            let attributes = try folder.attributes()
            begin = { try folder.solve(attributes.pool().pairs) }
        }
        let groups = try groups.map { try folder.groups(in: $0) } ?? []
        var report = MatchReport(job: job)
        let watch = Stopwatch()
        let pairs = try begin()
        report.build = watch.elapsed
        let assignment: Assignment
        var optimum: Optimum?
        switch job {
        case .fair:
            let fair = try folder.solve { () throws(PairsError) in try pairs.fairAssignment(assigning: percent) }
            (assignment, report.floor) = (fair.assignment, fair.floor)
        case .even:
            let even = try pairs.evenAssignment(over: groups, count: (groups.max() ?? -1) + 1, losing: losing)
            (assignment, report.served, report.loss, report.isEven) = (
                even.assignment, even.served, even.loss, even.isEven
            )
        case .stable: assignment = pairs.stableAssignment()
        case .optimal, .repair, .online, .scoring:
            let best = try folder.solve(pairs.optimum)
            (assignment, optimum) = (best.assignment, best)
        }
        report.stop(watch)
        report.note(assignment, of: pairs)
        report.gap = optimum?.gap(for: pairs)
        return (report, assignment)
    }

    /// How fast the best assignment is repaired when one of a hundred leaves, comes back, pauses, works again, or says
    /// no; the answer is the assignment when all is as before.
    func repair(in folder: InstanceFolder) throws -> (MatchReport, Assignment) {
        let pairs = try folder.pairs(of: folder.edges())
        var report = MatchReport(job: job)
        let watch = Stopwatch()
        var market = try folder.solve { () throws(PairsError) -> Market in try Market(pairs) }
        report.build = watch.elapsed
        let before = market.optimum.assignment
        let people = Array(stride(from: 0, to: pairs.peopleCount, by: 100))
        let supporters = Array(stride(from: 0, to: pairs.supporterCount, by: 100))
        let matches = people.compactMap { person in before[person].map { (person, $0) } }
        for (name, changes) in [
            ("departures", people.map { .departure(person: $0) }),
            ("arrivals", people.map { .arrival(person: $0) }),
            ("pauses", supporters.map { .capacity(supporter: $0, places: 0) }),
            ("returns", supporters.map { .capacity(supporter: $0, places: pairs.capacities[$0]) }),
            ("refusals", matches.map { .refusal(person: $0, supporter: $1) }),
            ("consents", matches.map { .consent(person: $0, supporter: $1) })
        ] as [(String, [MarketChange])] {
            let single = Stopwatch()
            try market.apply(changes)
            report.repairs = (report.repairs ?? [:]).merging([name: single.processor]) { $1 }
        }
        report.stop(watch)
        let optimum = market.optimum
        report.note(optimum.assignment, of: pairs)
        report.gap = optimum.gap(for: pairs)
        return (report, optimum.assignment)
    }

    /// All possible pairs from the attributes, in the form of edges.bin or edges.csv.
    func scoring(in folder: InstanceFolder) throws -> (MatchReport, Data) {
        let attributes = try folder.attributes()
        var report = MatchReport(job: job)
        let watch = Stopwatch()
        let pairs = try folder.solve(attributes.pool().pairs)
        report.stop(watch)
        let records = pairs.all.withUnsafeBytes { Data($0) }
        report.pairs = pairs.count
        report.checksum = Checksum.crc32(records)
        if let expected = try? folder.manifest().checksum { report.agrees = expected == report.checksum }
        if out.hasSuffix(".bin") { return (report, records) }
        var text = "recipient,supporter,score,priority\n"
        for pair in pairs.all { text += "\(pair.person),\(pair.supporter),\(pair.score),\(pair.priority)\n" }
        return (report, Data(text.utf8))
    }

    /// The best few supporters of each person, or of one, with where the points come from; for one also everybody who
    /// is excluded, with the first rule.
    func online(in folder: InstanceFolder) throws -> (MatchReport, Data) {
        let attributes = try folder.attributes()
        if let person, !attributes.people.indices.contains(person) {
            throw OpenError("There is no recipient \(person) in \(folder.path).")
        }
        var report = MatchReport(job: job)
        let watch = Stopwatch()
        let pool = try attributes.pool()
        report.build = watch.elapsed
        var text = "recipient,rank,supporter,score,experience,hours,gender,age,modality,excluded_by\n"
        var times: [Double] = []
        var signature = Signature()
        for person in person.map({ $0...$0 }) ?? 0...(pool.people.count - 1) {
            let single = Stopwatch()
            let suggestions = pool.best(best, for: person)
            times.append(single.elapsed)
            signature.add(suggestions)
            for (place, suggestion) in suggestions.enumerated() {
                text += Self.line(person, place + 1, suggestion)
            }
        }
        report.stop(watch)
        report.note(times)
        report.signature = signature.value
        if let person {
            for (supporter, rule) in pool.refusals(for: person) {
                text += "\(person),,\(supporter),,,,,,,\(rule.rawValue)\n"
            }
        }
        return (report, Data(text.utf8))
    }

    private static func line(_ person: Int, _ rank: Int, _ suggestion: Pool.Suggestion) -> String {
        let points = suggestion.points
        return "\(person),\(rank),\(suggestion.supporter),\(points.score),\(points.experiences),\(points.hours),"
            + "\(points.gender),\(points.age),\(points.modality),\n"
    }
}
