import Hummingbird
import Web

extension WeekEntry {
    static let routes: [Route] = [
        .get("/supporters/{id}/week", .role(.coordinator)) { visit in
            let (person, day) = (try visit.id(of: Person.self), try visit.query["from"].flatMap { Day($0) })
            return try await visit.show { try WeekScreen(of: person, around: day, in: $0) }
        }.asking("from"),
        .post("/supporters/{id}/week", .role(.coordinator)) { visit in
            let (person, form) = (try visit.id(of: Person.self), try await visit.form())
            let day = form["from"].flatMap { Day($0) }
            return try await visit.submit {
                try await visit.write { try keep(form, of: person, around: day, in: $0) }
            } next: {
                day.map { "/supporters/\(person)/week?from=\($0)" } ?? "/supporters/\(person)/week"
            } again: {
                try WeekScreen(of: person, around: day, form, $0, in: $1)
            }
        }.taking("day-*", "edition", "from", "functions-*", "minutes-*", "mode-*", "outcome-*", "time-*"),
        .get("/supporters/{id}/week/sheet", .role(.coordinator)) { visit in
            let (person, query) = (try visit.id(of: Person.self), try visit.query)
            let (day, isLarge) = (query["from"].flatMap { Day($0) }, query.asksForLargeType)
            return try await visit.show { try WeekSheetScreen(of: person, around: day, isLarge: isLarge, in: $0) }
        }.asking("from", "type")
    ]
}
