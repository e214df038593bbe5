import Storage

/// Whom a program calls when somebody raises a concern: rung after rung, each by its channel and with its minutes, until
/// somebody acknowledges. A program that has chosen none has the usual one, so that none is ever without.
package struct Ladder: Sendable, Equatable {
    /// Whom a rung calls.
    package enum Who: Sendable, Hashable {
        /// Everybody with this role in the program.
        case role(Role)
        case person(Person.ID)
    }

    package struct Rung: Sendable, Equatable {
        package let who: Who
        package let minutes: Int
        /// How they are told outside Kith; where that cannot be, on the other channel. In Kith they see it always.
        package let channel: ContactChannel.Kind

        package init(_ who: Who, minutes: Int, by channel: ContactChannel.Kind) {
            (self.who, self.minutes, self.channel) = (who, minutes, channel)
        }
    }

    package var rungs: [Rung]
    /// How many weeks lie between two drills; nil: none are planned.
    package var drillWeeks: Int?

    package init(_ rungs: [Rung], drillWeeks: Int? = nil) {
        (self.rungs, self.drillWeeks) = (rungs, drillWeeks)
    }

    /// The roles of those who may be called.
    package static let callable: [Role] = [.coordinator, .supervisor, .administrator]
    package static let mostRungs = 5
    package static let minutesAllowed = 1...Escalation.mostMinutes
    /// The choices for how often a drill takes place, in weeks.
    package static let drillChoices = [4, 12, 26]

    package static let usual = Ladder([
        Rung(.role(.coordinator), minutes: 15, by: .email), Rung(.role(.supervisor), minutes: 15, by: .text),
        Rung(.role(.administrator), minutes: 15, by: .email)
    ])
}

/// Somebody who may be called, and on which channels a note can be left for them.
package struct Callee: Sendable, Equatable {
    package let person: Person.ID
    package let name: String
    package let roles: Set<Role>
    package let channels: Set<ContactChannel.Kind>

    package init(_ person: Person.ID, name: String, roles: Set<Role>, channels: Set<ContactChannel.Kind>) {
        (self.person, self.name, self.roles, self.channels) = (person, name, roles, channels)
    }
}

/// A program's ladder with the people who are on it at this moment.
package struct StaffedLadder: Sendable {
    package let program: Program.ID
    package let ladder: Ladder
    /// Everybody who may be called in the program, by name.
    package let callees: [Callee]

    package init(program: Program.ID, ladder: Ladder, callees: [Callee]) {
        (self.program, self.ladder, self.callees) = (program, ladder, callees)
    }

    /// What is wrong with a ladder, said before it is needed.
    package enum Fault: Sendable, Hashable {
        /// There is nobody on this rung, counted from 1.
        case nobody(rung: Int)
        /// Nobody on this rung can be told outside Kith.
        case unreachable(rung: Int)
        /// On no rung is anybody.
        case empty
        /// Neither mail nor text messages leave from here.
        case silent
    }

    package func people(on rung: Ladder.Rung) -> [Callee] {
        switch rung.who {
        case .role(let role): callees.filter { $0.roles.contains(role) }
        case .person(let person): callees.filter { $0.person == person }
        }
    }

    /// The rungs as they count for a concern.
    /// - Parameter excluded: whoever it is about, and whoever raised it.
    package func rungs(without excluded: Set<Person.ID>) -> [Escalation.Rung] {
        ladder.rungs.map { rung in
            Escalation.Rung(
                minutes: rung.minutes,
                people: people(on: rung).map(\.person).filter { !excluded.contains($0) })
        }
    }

    /// - Parameter carried: the channels on which something can leave from here.
    package func faults(carrying carried: Set<ContactChannel.Kind>) -> [Fault] {
        let faults = ladder.rungs.enumerated().compactMap { index, rung -> Fault? in
            let people = people(on: rung)
            if people.isEmpty { return .nobody(rung: index + 1) }
            let isReached = carried.isEmpty || people.contains { !$0.channels.isDisjoint(with: carried) }
            return isReached ? nil : .unreachable(rung: index + 1)
        }
        let isEmpty = ladder.rungs.allSatisfy { people(on: $0).isEmpty }
        return isEmpty ? [.empty] : carried.isEmpty ? faults + [.silent] : faults
    }
}
