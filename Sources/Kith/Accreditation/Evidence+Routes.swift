import Hummingbird
import Storage
import Web

extension QualityMeasure {
    private static let staff = Access.roles(Set(readers))

    static let routes: [Route] = [
        .get("/evidence", staff) { visit in
            let query = try visit.query
            return try await visit.show { try EvidenceScreen(query, in: $0) }
        }.asking("program", "quarter"),
        .get("/evidence/{measure}", staff) { visit in
            guard let measure = QualityMeasure(rawValue: try visit.parameter("measure")) else { throw Problem.notFound }
            let query = try visit.query
            return try await visit.show { try EvidenceRecordsScreen(of: measure, query, in: $0) }
        }.asking("program", "quarter")
    ]
}

/// The program and quarter a page is about.
struct EvidencePeriod: Sendable {
    let program: ChosenProgram
    let quarter: Quarter
    let isCurrent: Bool

    /// - Throws: ``Problem/notFound`` for a program that is not theirs, or a quarter that is none.
    init(_ query: Form, in db: Reading) throws {
        program = try ChosenProgram(query, of: QualityMeasure.readers, in: db)
        let now = Quarter(of: Day(daysSince1970: Int(db.now.milliseconds / 86_400_000)))
        guard let quarter = query["quarter"].map(Quarter.init(_:)) ?? now else { throw Problem.notFound }
        (self.quarter, isCurrent) = (quarter, quarter == now)
    }

    func query(_ quarter: Quarter) -> String { "?program=\(program.id)&quarter=\(quarter)" }

    func said(_ words: Words) -> String {
        words("evidence.quarter", ["number": "\(quarter.number)", "year": "\(quarter.year)"])
    }
}

/// The numbers of a program in a quarter.
struct EvidenceScreen: Screen {
    static let template = "accreditation/evidence"

    let period: EvidencePeriod
    let counts: [(measure: QualityMeasure, all: Int, met: Int)]

    init(_ query: Form, in db: Reading) throws {
        let period = try EvidencePeriod(query, in: db)
        self.period = period
        counts = try QualityMeasure.allCases.map { measure in
            let records = try measure.records(of: period.program.id, in: period.quarter, db: db)
            return (measure, records.count, records.count(where: \.isMet))
        }
    }

    func title(_ words: Words) -> String { words("evidence.title") }

    func shown(_ words: Words) -> Value {
        [
            "program": .text(period.program.name), "quarter": .text(period.said(words)),
            "others": period.program.shownOthers { "/evidence?program=\($0)&quarter=\(period.quarter)" },
            "beforePath": period.quarter.before.map { .text("/evidence\(period.query($0))") } ?? .nothing,
            "afterPath": period.isCurrent
                ? .nothing : period.quarter.after.map { .text("/evidence\(period.query($0))") } ?? .nothing,
            "measures": .list(counts.map { shown($0.measure, $0.all, $0.met, words) })
        ]
    }

    private func shown(_ measure: QualityMeasure, _ all: Int, _ met: Int, _ words: Words) -> Value {
        let number = all == 0 ? words("evidence.none") : words("evidence.of", ["met": "\(met)", "all": "\(all)"])
        let path = "/evidence/\(measure.rawValue)\(period.query(period.quarter))"
        return [
            "name": .text(words("evidence.\(measure.rawValue)")), "number": .text(number),
            "good": .flag(all > 0 && met == all), "late": .flag(met < all), "path": all == 0 ? .nothing : .text(path)
        ]
    }
}

/// The records behind one number.
struct EvidenceRecordsScreen: Screen {
    static let template = "accreditation/records"

    let measure: QualityMeasure
    let period: EvidencePeriod
    let records: [QualityMeasure.Record]
    /// Whether the records open for the person asking: for those who work with them, not for who only administers.
    let opens: Bool

    init(of measure: QualityMeasure, _ query: Form, in db: Reading) throws {
        let period = try EvidencePeriod(query, in: db)
        (self.measure, self.period) = (measure, period)
        records = try measure.records(of: period.program.id, in: period.quarter, db: db)
        opens = Incident.readers.contains { db.actor.has($0, in: period.program.id) }
    }

    func title(_ words: Words) -> String { words("evidence.title") }

    func shown(_ words: Words) -> Value {
        [
            "name": .text(words("evidence.\(measure.rawValue)")),
            "explained": .text(words("evidence.\(measure.rawValue)-explained")),
            "program": .text(period.program.name), "quarter": .text(period.said(words)),
            "backPath": .text("/evidence\(period.query(period.quarter))"),
            "records": .list(records.map { shown($0, words) })
        ]
    }

    private func shown(_ record: QualityMeasure.Record, _ words: Words) -> Value {
        let path = measure.folder.map { "\($0)/\(record.id)" }
        return [
            "when": .text(words.day(record.at)), "met": .flag(record.isMet),
            "path": opens ? Value(path) : .nothing
        ]
    }
}
