import Foundation
import Kith
import Storage

extension Order.Bench {
    func addUser(_ aim: Order.Aim, _ name: String, _ role: String) async throws -> Order.Outcome {
        let (name, role) = (try given(name, "name"), try Self.role(role))
        let (house, program) = try await place(aim)
        let secret = platform.world.newSecret()
        try await write(house) { db in
            let person = try Person.add(PersonDraft(name: name), to: house, in: db)
            try Person.give(role, in: program, to: person, of: house, in: db)
            try Invitation.send(to: person, of: house, secret: secret, in: db)
        }
        return Order.Outcome(output: "Added. The way in, once, for \(Invitation.days) days: \(wayIn(secret))\n")
    }

    func giveRole(_ aim: Order.Aim, _ person: String, _ role: String) async throws -> Order.Outcome {
        let role = try Self.role(role)
        let (house, program) = try await place(aim)
        let found = try await self.person(person, of: house)
        try await write(house) { try Person.appoint(found.id, as: role, in: program, db: $0) }
        return Order.Outcome(output: "\(found.name) is now \(role.rawValue).\n")
    }

    func endRole(_ aim: Order.Aim, _ person: String, _ role: String) async throws -> Order.Outcome {
        let role = try Self.role(role)
        let (house, program) = try await place(aim)
        let found = try await self.person(person, of: house)
        do {
            try await write(house) { try Person.end(role, in: program, of: found.id, in: $0) }
        } catch Problem.notFound {
            throw OpenError("\(found.name) does not have this role.")
        }
        return Order.Outcome(output: "\(found.name) is \(role.rawValue) no more.\n")
    }

    /// Everything they may do, at once. What they did stays.
    func endUser(_ aim: Order.Aim, _ person: String) async throws -> Order.Outcome {
        let house = try await house(aim)
        let found = try await self.person(person, of: house)
        do {
            try await write(house) { try Person.endAccess(of: found.id, in: $0) }
        } catch Problem.notFound {
            throw OpenError("\(found.name) has no role any more.")
        }
        return Order.Outcome(output: "Ended the access of \(found.name): no role, no session and no way in is left.\n")
    }

    /// Nobody chooses a password for somebody else.
    func newWayIn(_ aim: Order.Aim, _ person: String) async throws -> Order.Outcome {
        let house = try await house(aim)
        let found = try await self.person(person, of: house)
        let secret = platform.world.newSecret()
        try await write(house) { try Invitation.renew(for: found.id, secret: secret, in: $0) }
        return Order.Outcome(
            output: "A way in for \(found.name), once, for \(Invitation.days) days: \(wayIn(secret))\n",
            error: "The old password works until they have chosen a new one there.")
    }

    static func role(_ text: String) throws -> Role {
        guard let role = Role(rawValue: text) else {
            throw OpenError("A role is one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return role
    }
}
