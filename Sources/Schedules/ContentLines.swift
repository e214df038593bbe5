/// The lines of an iCalendar file: escaped, and folded so that none has more than 75 bytes (RFC 5545, 3.1 and 3.3.11).
struct ContentLines {
    private(set) var text = ""

    /// - Parameter value: made of what needs no escaping.
    mutating func add(_ name: String, _ value: String) {
        var room = 75
        for scalar in "\(name):\(value)".unicodeScalars {
            // A character is never cut in two, which some readers would not put together again.
            let width = UTF8.width(scalar)
            if width > room {
                text += "\r\n "
                room = 74
            }
            text.unicodeScalars.append(scalar)
            room -= width
        }
        text += "\r\n"
    }

    mutating func add(_ name: String, escaping value: String) { add(name, Self.escaped(value)) }

    /// A time on the wall, with the zone whose clocks show it.
    mutating func add(_ name: String, _ wall: WallTime, _ clock: WallClock) {
        if clock.name == "UTC" {
            add(name, wall.compact + "Z")
        } else {
            add("\(name);TZID=\(clock.name)", wall.compact)
        }
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += "\\\(scalar)"
            case "\n", "\r", "\u{2028}", "\u{2029}": escaped += "\\n"
            case "\t": escaped += " "
            default: if !scalar.isControl { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }

    /// The value of a parameter: it may hold neither quotes nor control characters, and has no way to escape them.
    static func quoted(_ text: String) -> String { "\"\(plain(text))\"" }

    static func plain(_ text: String) -> String {
        var plain = ""
        plain.unicodeScalars.append(contentsOf: text.unicodeScalars.filter { $0 != "\"" && !$0.isControl })
        return plain
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x1_0000: 3
        default: 4
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control }
}
