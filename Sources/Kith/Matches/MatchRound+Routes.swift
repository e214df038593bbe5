import Storage
import Web

extension Match {
    static let roundRoutes: [Route] = [
        .get("/rounds", .role(.coordinator)) { visit in
            let query = try visit.query
            return try await visit.show { try MatchRoundScreen(query, in: $0) }
        }.asking("program", "made", "missed"),
        .post("/rounds", .role(.coordinator)) { visit in
            let form = try await visit.form()
            let chosen = form.names.compactMap { name -> (referral: Referral.ID, supporter: Person.ID)? in
                guard name.hasPrefix("propose-"), let referral = Referral.ID(untrusted: String(name.dropFirst(8))),
                    let supporter = form[name].flatMap({ Person.ID(untrusted: $0) })
                else { return nil }
                return (referral, supporter)
            }
            guard chosen.count <= MatchRound.size else { throw Problem.invalid("propose", "not-a-choice") }
            let made = try await visit.write { try MatchRound.propose(chosen, in: $0) }
            guard let program = form["program"].flatMap({ Program.ID(untrusted: $0) }) else {
                return .seeOther("/rounds?made=\(made.made)&missed=\(made.missed)")
            }
            return .seeOther("/rounds?program=\(program)&made=\(made.made)&missed=\(made.missed)")
        }.taking("program", "propose-*")
    ]
}
