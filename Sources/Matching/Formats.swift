/// How two people can be in contact.
package struct Formats: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let inPerson = Formats(rawValue: 1)
    package static let phone = Formats(rawValue: 2)
    package static let video = Formats(rawValue: 4)
    package static let messages = Formats(rawValue: 8)

    /// The formats for which both must be free at the same time. Messages can wait for an answer.
    package static let live: Formats = [.inPerson, .phone, .video]
}
