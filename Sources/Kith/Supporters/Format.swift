/// How people meet.
package enum Format: String, Sendable, Codable, CaseIterable {
    case inPerson = "in-person"
    case phone
    case video
    case messages
}
