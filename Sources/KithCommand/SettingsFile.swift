import Foundation
import Storage

/// A JSON file with settings: one object, with a text, a number or a yes for each name.
enum SettingsFile {
    private struct Given: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                self.text = text
            } else if let yes = try? value.decode(Bool.self) {
                text = yes ? "yes" : "no"
            } else {
                text = String(try value.decode(Int.self))
            }
        }
    }

    /// - Returns: what stands in it, by setting name.
    /// - Throws: ``OpenError`` for a file that cannot be read, and for a name that is none: a setting that somebody
    ///   believes in and that does nothing is worse than none.
    static func read(_ path: String) throws(OpenError) -> [String: String] {
        guard let bytes = FileManager.default.contents(atPath: path),
            let given = try? JSONDecoder().decode([String: Given].self, from: bytes)
        else { throw OpenError("The settings file \(path) cannot be read as JSON with one value for each name.") }
        if let name = given.keys.sorted().first(where: { SettingName(rawValue: $0) == nil }) {
            throw OpenError("The settings file \(path) has a setting “\(name)”, which Kith does not know.")
        }
        return given.mapValues(\.text)
    }
}
