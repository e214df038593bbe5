import Kith

/// One way in for each role, to be printed: the same people at every start.
struct SignIns: CustomStringConvertible {
    struct Line {
        let role: String
        let name: String
        let login: String
        var shows: String = ""
    }

    let lines: [Line]

    init(_ demonstration: Demonstration) {
        let house = demonstration.house
        let busiest = Self.busiest(of: demonstration)
        let people = busiest.map { demonstration.people(of: $0) } ?? []
        let supported = Self.supported(of: demonstration)
        let waiting = demonstration.participants.first { $0.story == .waiting }
        func staff(_ role: String, _ staff: Demonstration.House.Staff?, _ shows: String) -> Line? {
            staff.map { Line(role: role, name: $0.name, login: $0.email, shows: shows) }
        }
        lines = [
            staff("Coordinator", house.coordinators.first, "the board of the first program"),
            busiest.map {
                Line(role: "Supporter", name: $0.name, login: $0.email, shows: "\(people.count) people")
            },
            supported.map {
                Line(role: "Participant", name: $0.name, login: $0.login, shows: "has a supporter and writes to them")
            },
            waiting.map { Line(role: "Participant", name: $0.name, login: $0.login, shows: "waits for a supporter") },
            staff("Referrer", house.referrers.first, "what became of those she sent"),
            staff("Supervisor", house.supervisors.first, "her team"),
            staff("Administrator", house.administrator, "who works here"),
            Line(
                role: "Coordinator", name: Neighbor.coordinator.name, login: Neighbor.coordinator.login,
                shows: "the neighbor, \(Neighbor.name): sees nothing of all this")
        ].compactMap(\.self)
    }

    /// The supporter who has most people.
    static func busiest(of demonstration: Demonstration) -> SupporterPart? {
        let carried = demonstration.supporters.map { (part: $0, count: demonstration.people(of: $0).count) }
        return carried.max { ($0.count, $1.part.id) < ($1.count, $0.part.id) }?.part
    }

    /// A participant who is supported and writes: if there is one, by the supporter who has most people.
    static func supported(of demonstration: Demonstration) -> ParticipantPart? {
        let people = busiest(of: demonstration).map { demonstration.people(of: $0) } ?? []
        return people.first { $0.story == .support && $0.conversation != nil }
            ?? demonstration.participants.first { $0.story == .support && $0.conversation != nil }
    }

    var description: String {
        func column(_ texts: [String]) -> [String] {
            let width = (texts.map(\.count).max() ?? 0) + 2
            return texts.map { $0 + String(repeating: " ", count: width - $0.count) }
        }
        let (roles, names) = (column(lines.map(\.role)), column(lines.map(\.name)))
        let logins = column(lines.map(\.login))
        let rows = lines.indices.map { "  \(roles[$0])\(names[$0])\(logins[$0])\(lines[$0].shows)" }
        return """
            Sign in as one of these. The passphrase is the same for everybody: \(Entrance.passphrase)
            A real organization asks its staff for a code from their phone as well; this one does not.

            \(rows.joined(separator: "\n"))

            Everybody else's sign-in name is their e-mail address. To send referrals by FHIR, make a bearer token:
              kith partner add --help

            """
    }
}
