import Kith
import Storage
import Web

extension Order.Bench {
    /// Who may see something of somebody, by which rule and since when, who has, and why nobody else may.
    func explainAccess(_ aim: Order.Aim, _ person: String, _ item: String, _ viewer: String?) async throws
        -> Order.Outcome
    {
        guard let item = Item(rawValue: item) else {
            throw OpenError("An item is one of \(Item.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let house = try await house(aim)
        let subject = try await self.person(person, of: house)
        var only: Person.ID?
        if let viewer { only = try await self.person(viewer, of: house).id }
        let (explanation, zone) = try await read(house) { db in
            (
                try Explanation(of: subject.id, item, in: db),
                try db.value("SELECT time_zone FROM organization WHERE id = \(house)", as: String.self)
            )
        }
        let words = Words(platform.shelf.translations["en"], zone: zone ?? "UTC", now: platform.world.now())
        let lines = ["\(subject.name), in the words they read themselves"] + explanation.lines(for: only, words)
        return Order.Outcome(output: lines.joined(separator: "\n") + "\n")
    }
}
