import Storage
import Web

/// The program that a page is about, as its address names it, and the others of the person asking for the same page.
struct ChosenProgram: Sendable {
    let id: Program.ID
    let name: String
    let others: [(id: Program.ID, name: String)]

    /// The one that `program` names in the query; without it, the first by name. One statement.
    /// - Throws: ``Problem/notFound`` where the person asking has none of the roles in it.
    init(_ query: Form, of roles: [Role], in db: Reading) throws {
        let programs = try Program.named(db.reach(roles), in: db)
        let asked = query["program"]
        guard let program = asked == nil ? programs.first : programs.first(where: { $0.id.text == asked }) else {
            throw Problem.notFound
        }
        (id, name) = program
        others = programs.filter { $0.id != program.id }
    }

    /// Links to the same page of the others.
    func shownOthers(_ path: (Program.ID) -> String) -> Value {
        .list(others.map { ["name": .text($0.name), "path": .text(path($0.id))] })
    }
}
