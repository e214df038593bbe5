import Foundation

/// What one look of `kith doctor` found, and what to do about it. Nothing in it is secret or about a person.
struct Finding: Codable, Sendable, Equatable {
    enum State: String, Codable, Sendable {
        /// As it should be.
        case ok
        /// Worth knowing; it may be meant so.
        case note
        /// Something must be done.
        case act
    }

    enum Check: String, Codable, Sendable, CaseIterable {
        case version, database, migrations, durability, clock, disk, files
        case masterKey = "master-key"
        case backups, trial, mail, text, certificate, administrators
        case sampleData = "sample-data"
    }

    let check: Check
    let state: State
    let found: String
    /// One sentence; nil where nothing is to be done.
    let todo: String?

    static func ok(_ check: Check, _ found: String) -> Finding {
        Finding(check: check, state: .ok, found: found, todo: nil)
    }

    static func note(_ check: Check, _ found: String, _ todo: String? = nil) -> Finding {
        Finding(check: check, state: .note, found: found, todo: todo)
    }

    static func act(_ check: Check, _ found: String, _ todo: String) -> Finding {
        Finding(check: check, state: .act, found: found, todo: todo)
    }

    /// For a terminal: what was found, and under it what to do.
    var line: String {
        let mark = state == .act ? "ACT" : state.rawValue
        let begin = mark.padding(toLength: 5, withPad: " ", startingAt: 0)
        let name = check.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0)
        let more = todo.map { "\n" + String(repeating: " ", count: 21) + "-> \($0)" } ?? ""
        return "\(begin) \(name)\(found)\(more)"
    }
}

/// Everything that `kith doctor` found.
struct DoctorReport: Codable, Sendable {
    /// Of the Kith that looked: the one that serves, where one does.
    let version: String
    var checks: [Finding]

    var isWell: Bool { !checks.contains { $0.state == .act } }

    var text: String {
        let open = checks.count { $0.state == .act }
        let end = open == 0 ? "All is well." : open == 1 ? "1 thing must be done." : "\(open) things must be done."
        return (checks.map(\.line) + [end]).joined(separator: "\n") + "\n"
    }

    var json: String {
        get throws {
            struct Whole: Encodable {
                let version: String
                let well: Bool
                let checks: [Finding]
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            let whole = Whole(version: version, well: isWell, checks: checks)
            return String(decoding: try encoder.encode(whole), as: UTF8.self) + "\n"
        }
    }
}

extension Int {
    /// So many seconds, as people say it.
    var asSpan: String {
        let steps = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")]
        let (size, name) = steps.first { self >= 2 * $0.0 } ?? (1, "second")
        let count = self / size
        return count == 1 ? "1 \(name)" : "\(count) \(name)s"
    }
}
