import HTTPTypes
import Hummingbird
import Web

/// Whether people of every language, area, age and gender come to support alike.
package enum Fairness {
    package static let feature = Feature(name: "Fairness", routes: routes)

    private static let staff = Access.roles(Set(QualityMeasure.readers))

    private static let routes: [Route] = [
        .get("/fairness", staff) { visit in
            let query = try visit.query
            return try await visit.show { try FairnessScreen(query, in: $0) }
        }.asking("program", "quarter"),
        .get("/fairness/file", staff) { visit in
            let query = try visit.query
            let screen = try await visit.read { try FairnessScreen(query, in: $0) }
            // The mark tells programs for tables that it is UTF-8.
            var response = Response.bytes("\u{FEFF}\(screen.file(visit.words))".utf8, type: "text/csv; charset=utf-8")
            response.headers[.contentDisposition] = "attachment; filename=\"\(screen.period.quarter).csv\""
            return response
        }.asking("program", "quarter").answering(.table)
    ]
}
