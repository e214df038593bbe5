import FHIR
import KithInterop

extension FuzzTarget {
    /// JSON, alone and in lines: what was read is written and read again as the same.
    static let fhirJSON = FuzzTarget("fhir-json") { bytes in
        try readLines(bytes)
        guard let value = try? JSON(parsing: bytes) else { return }
        let written = value.bytes()
        let again = try? JSON(parsing: written)
        try promise("what was written is read again", again != nil)
        try promise("and is the same", again == value && again?.bytes() == written)
        try promise("also when laid out", (try? JSON(parsing: value.bytes(.pretty)))?.bytes() == written)
        try promise("links that nobody changes stay", value.replacingLinks { _ in nil }.bytes() == written)
        try checkNumbers(in: value)
    }

    /// Lines are the same in whatever pieces they arrive.
    private static func readLines(_ bytes: [UInt8]) throws {
        let lines = NDJSONReader.lines(of: bytes)
        var reader = NDJSONReader()
        var pieces: [NDJSONReader.Line] = []
        let step = 1 + Int(bytes.first ?? 0) % 61
        for start in stride(from: 0, to: bytes.count, by: step) {
            pieces += reader.feed(bytes[start..<min(start + step, bytes.count)])
        }
        if let last = reader.finish() { pieces.append(last) }
        try promise("as many lines in pieces", lines.map(\.number) == pieces.map(\.number))
        for (line, piece) in zip(lines, pieces) { try promise("the same lines", line.content == piece.content) }
    }

    private static func checkNumbers(in value: JSON) throws {
        if case .number(let number) = value {
            try promise("a number is one", JSON.Number(number.text) == number && !number.double.isNaN)
            if let integer = number.integer {
                try promise("a whole number keeps its digits", number.text == "-0" || "\(integer)" == number.text)
            }
        }
        for item in value.items { try checkNumbers(in: item) }
        for member in value.members { try checkNumbers(in: member.value) }
    }

    /// A resource: validated, read as a Bundle, and looked at as what it would be here.
    static let fhirResource = FuzzTarget("fhir-resource") { bytes in
        guard let resource = try? Resource(parsing: bytes) else { return }
        let issues = Validator().issues(in: resource.json)
        try promise("issues have an end", issues.count <= Validator.issueLimit + 1)
        try checkOutcome(issues)
        for code in [resource.versionID, resource.id, resource.lastUpdated?.text] { _ = code?.utf8.count }
        _ = resource.lastUpdated?.interval()
        for reference in resource.json.references.prefix(100) { _ = reference.target?.key?.description }
        InteropParsers.readAll(resource, at: FHIRDate("2026-03-02T14:00:00Z", as: .instant))
        do {
            try check(try FHIRBundle(resource), of: resource)
        } catch let outcome as OperationOutcome {
            try checkOutcome(outcome.issues)
        }
    }

    private static func check(_ bundle: FHIRBundle, of resource: Resource) throws {
        let entries = resource["entry"]?.items.count ?? 0
        try promise("no entry is lost", bundle.entries.count == entries)
        let order = bundle.entriesInProcessingOrder.map(\.position).sorted()
        try promise("each is done once", order == Array(0..<entries))
        for entry in bundle.entries.prefix(100) {
            _ = entry.request?.expectedVersion
            for reference in entry.json.references.prefix(100) {
                guard let target = reference.target else { continue }
                let found = bundle.resolve(target, from: entry)
                try promise("what is found is in it", found.map { $0.position < entries } ?? true)
            }
        }
    }

    /// What a sender is told is itself valid.
    private static func checkOutcome(_ issues: [Issue]) throws {
        let told = OperationOutcome(issues)
        try promise("an answer is valid FHIR", Validator().issues(in: told.resource.json).isEmpty)
        try promise("an answer has a status", (200...599).contains(told.status))
    }

    /// What a search may be asked for here, and one parameter of each further kind.
    private static let parameters: [SearchParameter] = [
        .token("status"), .reference("patient", to: "Patient", "Group"), .token("_after"), .date("authored-on"),
        .string("name")
    ]

    /// The query of a search.
    static let fhirSearch = FuzzTarget("fhir-search") { bytes in
        do {
            let query = try SearchQuery(text(bytes), parameters: parameters)
            try promise("a search has an end", query.filters.count <= SearchQuery.parameterLimit)
            try promise("a page has a size", query.count ?? 0 >= 0)
            for strict in [true, false] { try checkOutcome(query.unknownIssues(strict: strict)) }
            for filter in query.filters { try check(filter) }
        } catch let outcome as OperationOutcome {
            try promise("a refused search says why", outcome.status == 400 && !outcome.issues.isEmpty)
            try checkOutcome(outcome.issues)
        }
    }

    private static func check(_ filter: SearchQuery.Filter) throws {
        let names = (SearchParameter.common + parameters).map(\.name)
        try promise("only what was declared is searched by", names.contains(filter.parameter))
        switch filter.condition {
        case .token(let tokens), .notToken(let tokens), .referenceIdentifier(let tokens):
            try promise("a token says something", tokens.allSatisfy { $0.code != nil || $0.system != .any })
            try promise("tokens have an end", 1...SearchQuery.valueLimit ~= tokens.count)
        case .date(let dates):
            try promise("dates have an end", 1...SearchQuery.valueLimit ~= dates.count)
            for date in dates {
                let own = date.date.interval(offset: -300)
                let fits = date.matches(own, offset: -300, now: own.lowerBound)
                let wants: [SearchDate.Prefix] = [.equal, .greaterOrEqual, .lessOrEqual]
                if wants.contains(date.prefix) { try promise("a date fits itself", fits) }
                if date.prefix == .notEqual { try promise("a date is no other", !fits) }
            }
        case .reference(let references):
            try promise(
                "only types that were declared",
                references.allSatisfy { Set($0.types).isSubset(of: ["Patient", "Group"]) && !$0.id.isEmpty })
        case .startsWith(let texts), .contains(let texts), .exactly(let texts):
            try promise("texts have an end", 1...SearchQuery.valueLimit ~= texts.count)
        case .isMissing: break
        }
    }
}
