import Foundation
import Kith
import Storage

extension Order.Bench {
    /// The organizations that an order is about: the one named, or all.
    private func houses(_ aim: Order.Aim) async throws -> [(id: Organization.ID, name: String)] {
        let named = aim.organization.isEmpty ? nil : try await house(aim)
        return try await platform.store.read { reader in
            try reader.all("SELECT id, name FROM organization ORDER BY slug") {
                (id: try $0["id"] as Organization.ID, name: try $0["name"] as String)
            }
        }.filter { named == nil || $0.id == named }
    }

    func verifyAudit(_ aim: Order.Aim, _ checkpoints: [Checkpoint]) async throws -> Order.Outcome {
        var outcome = Order.Outcome()
        for house in try await houses(aim) {
            let found = try await platform.verifyAudit(of: house.id, against: checkpoints)
            if let broken = found.broken {
                outcome.output += "BROKEN \(house.name): \(broken.sentence)\n"
                outcome.code = 1
            } else {
                outcome.output += "whole  \(house.name): \(found.pages) pages, \(found.records) records\n"
            }
        }
        return outcome
    }

    func checkpointAudit(_ aim: Order.Aim) async throws -> Order.Outcome {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = ""
        for house in try await houses(aim) {
            guard let checkpoint = try await platform.checkpoint(of: house.id) else { continue }
            lines += String(decoding: try encoder.encode(checkpoint), as: UTF8.self) + "\n"
        }
        return Order.Outcome(output: lines)
    }

    /// How many pages are printed at a time; the command line asks for the next until there is none.
    private static let pagesAtOnce = 500

    func exportAudit(_ aim: Order.Aim, _ first: Int) async throws -> Order.Outcome {
        if first == 1 { try await platform.seal(everything: true) }
        var (lines, isMore): ([String], Bool) = ([], false)
        for house in try await houses(aim) {
            let found = try await platform.store.read {
                try Audit.export(house.id, from: first, limit: Self.pagesAtOnce, in: $0)
            }
            lines += found
            isMore = isMore || found.count == Self.pagesAtOnce
        }
        return Order.Outcome(
            output: lines.map { $0 + "\n" }.joined(), next: isMore ? first + Self.pagesAtOnce : nil)
    }
}

extension Audit.Break {
    /// For the operator.
    var sentence: String {
        let place = "page \(page)" + (sealedAt.map { ", sealed \($0)," } ?? "")
        return switch what {
        case .records: "\(place) no longer holds the records it was sealed with."
        case .seal: "the seal of \(place) is not its own, or the page before was changed."
        case .missing: "\(place) is missing."
        case .rewritten: "\(place) is not the one a checkpoint knows: the log was written anew."
        }
    }
}
