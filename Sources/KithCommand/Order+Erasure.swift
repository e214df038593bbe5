import Foundation
import Kith

extension Order.Bench {
    func erase(_ aim: Order.Aim, _ person: String) async throws -> Order.Outcome {
        let house = try await house(aim)
        let found = try await self.person(person, of: house)
        let certificate = try await platform.erase(found.id, of: house)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return Order.Outcome(output: String(decoding: try encoder.encode(certificate), as: UTF8.self) + "\n")
    }
}
