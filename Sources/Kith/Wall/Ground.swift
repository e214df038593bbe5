/// In what relation somebody stands to a record about a person. Every right to see anything rests on one.
package enum Ground: String, Sendable, CaseIterable {
    /// It is about them.
    case own
    /// They support the person it is about, in this pair, and are still a supporter of the program.
    case supporter
    /// It is about the supporter of their own pair.
    case supported
    /// They are in the same group, whose members read each other under the names they have there.
    case fellow
    /// They take part, support, coordinate or supervise in the same program, and neither blocks the other.
    case neighbor
    case coordinator
    case supervisor
    /// They administer a program that nobody coordinates.
    case standIn = "stand-in"
    /// They sent the person, and still refer to that program or coordinate it.
    case sender
    /// A partner's system, of what it sent.
    case partner
    /// A supervisor who opened this record for a reason, for a short while.
    case opened
    /// The ladder called them, because nobody before them answered.
    case called

    /// Those who work on a program's referrals.
    package static let working: Set<Ground> = [.coordinator, .supervisor]
    /// Those who read a program's board.
    package static let board: Set<Ground> = [.coordinator, .supervisor, .standIn]

    /// What somebody does in a program that makes them a neighbor there.
    package static let neighborly: [Role] = [.participant, .supporter, .coordinator, .supervisor]

    /// The role in the program that it rests on alone, where it does.
    package var role: Role? {
        switch self {
        case .coordinator: .coordinator
        case .supervisor: .supervisor
        default: nil
        }
    }
}
