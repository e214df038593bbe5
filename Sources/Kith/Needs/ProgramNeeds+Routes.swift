import Web

extension ProgramNeeds {
    static let routes: [Route] = [
        .get("/needs", .role(.coordinator)) { visit in
            let query = try visit.query
            return try await visit.show { try NeedsScreen(query, in: $0) }
        }.asking("program")
    ]
}
