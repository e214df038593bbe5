/// Why bytes are no JSON, and where. The words never quote a value: it may be part of a person's record.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1.
    package let line: Int
    /// The character within the line, counted from 1.
    package let column: Int
    package let reason: Reason

    package init(line: Int, column: Int, reason: Reason) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    /// The ways in which a text fails to be JSON.
    package enum Reason: Hashable, Sendable {
        case empty
        case endsEarly
        case trailing
        case noValue
        case noName
        case noColon
        case noObjectEnd
        case noArrayEnd
        case badNumber
        case leadingZero
        case badEscape
        case loneSurrogate
        case controlCharacter
        case invalidUTF8
        case duplicateName(String)
        case tooDeep(limit: Int)
    }

    /// The same error in a text that begins some lines down a file.
    func shifted(by lines: Int) -> JSONError {
        JSONError(line: line + lines, column: column, reason: reason)
    }

    package var description: String { "line \(line), column \(column): \(words)" }

    private var words: String {
        switch reason {
        case .empty: "there is nothing here; a JSON document was expected"
        case .endsEarly: "the document ends in the middle of a value"
        case .trailing: "something follows after the end of the document"
        case .noValue: "a value was expected: an object, a list, text in double quotes, a number, true, false or null"
        case .noName: "the name of a property was expected, in double quotes"
        case .noColon: "a colon was expected after the name of a property"
        case .noObjectEnd: "a comma or the closing } of the object was expected"
        case .noArrayEnd: "a comma or the closing ] of the list was expected"
        case .badNumber: "this is not a number as JSON writes it"
        case .leadingZero: "a number must not begin with a needless 0"
        case .badEscape: "after a backslash, JSON text allows only \" \\ / b f n r t or u with four hexadecimal digits"
        case .loneSurrogate: "this \\u escape is one half of a pair and the other half is missing"
        case .controlCharacter: "a line break, tab or other control character in text must be written as an escape"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .duplicateName(let name): "the property \(PropertyName.quoted(name)) comes twice in the same object"
        case .tooDeep(let limit): "objects and lists are nested more than \(limit) deep"
        }
    }
}
