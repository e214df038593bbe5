/// Reads a form's fields as types and notes every error.
///
/// A reading that fails still returns something (empty text, zero, the first choice), so that the fields after it are
/// read as well; `Form.read` throws all errors together, so that these stand-ins never leave it.
package struct FieldReader {
    package private(set) var errors = FieldErrors()
    private let form: Form

    fileprivate init(_ form: Form) { self.form = form }

    /// Text without blanks at its ends. In a single line, line breaks become spaces, and marks that nobody sees and that
    /// would turn the text around it, or make two names look the same, are taken out.
    /// - Parameters:
    ///   - max: The length allowed, in Unicode scalars.
    ///   - multiline: Whether line breaks are kept.
    /// - Returns: Empty when it is not there and not required.
    package mutating func text(
        _ name: String, required: Bool = false, max: Int = 1_000, multiline: Bool = false
    ) -> String {
        var text = trimmed(form[name] ?? "")
        if !multiline { text = trimmed(text.replacing("\n", with: " ").withoutHiddenMarks) }
        if text.withoutHiddenMarks.allSatisfy(\.isWhitespace) {
            text = ""
            if required { fail(name, "required") }
        } else if text.unicodeScalars.count > max {
            fail(name, "too-long", ["max": String(max)])
            return ""
        }
        return text
    }

    /// Text exactly as typed, for passwords.
    package mutating func secret(_ name: String, required: Bool = true, max: Int = 1_000) -> String {
        let text = form[name] ?? ""
        if text.isEmpty, required { fail(name, "required") }
        guard text.unicodeScalars.count <= max else {
            fail(name, "too-long", ["max": String(max)])
            return ""
        }
        return text
    }

    /// A whole number that must be given.
    package mutating func integer(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int {
        required(name, optionalInteger(name, in: range), else: 0)
    }

    /// A whole number, nil if it is left empty.
    package mutating func optionalInteger(_ name: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
        guard let text = given(name) else { return nil }
        guard let number = Int(text) else { return fail(name, "not-a-number") }
        if number < range.lowerBound { return fail(name, "too-small", ["min": String(range.lowerBound)]) }
        if number > range.upperBound { return fail(name, "too-large", ["max": String(range.upperBound)]) }
        return number
    }

    /// One of a closed set, by raw value; it must be given.
    package mutating func choice<C>(_ name: String, of type: C.Type) -> C
    where C: RawRepresentable<String> & CaseIterable {
        let choice = optionalChoice(name, of: type)
        guard let standIn = choice ?? C.allCases.first else { preconditionFailure("\(C.self) has no cases") }
        return required(name, choice, else: standIn)
    }

    /// One of a closed set, nil if nothing is chosen.
    package mutating func optionalChoice<C: RawRepresentable<String>>(_ name: String, of type: C.Type) -> C? {
        guard let text = given(name) else { return nil }
        return C(rawValue: text) ?? fail(name, "not-a-choice")
    }

    /// Any number of a closed set, each at most once, in the order sent.
    package mutating func choices<C: RawRepresentable<String>>(
        _ name: String, of type: C.Type, required: Bool = false
    ) -> [C] {
        var chosen: [C] = []
        var seen: Set<String> = []
        for text in form.all(name) where !text.isEmpty && seen.insert(text).inserted {
            guard let choice = C(rawValue: text) else {
                fail(name, "not-a-choice")
                return []
            }
            chosen.append(choice)
        }
        if chosen.isEmpty, required { fail(name, "required") }
        return chosen
    }

    /// A day that must be given; see `optionalDate`.
    package mutating func date(_ name: String) -> CalendarDate {
        required(name, optionalDate(name), else: .standIn)
    }

    /// A day, as `2026-11-21` or from three fields `name-year`, `name-month` and `name-day`; nil if left empty.
    package mutating func optionalDate(_ name: String) -> CalendarDate? {
        if let text = given(name) { return CalendarDate(text) ?? fail(name, "not-a-date") }
        let parts = ["year", "month", "day"].map { given("\(name)-\($0)") }
        if parts.allSatisfy({ $0 == nil }) { return nil }
        let numbers = parts.compactMap { $0.flatMap { Int($0) } }
        guard numbers.count == 3, let date = CalendarDate(year: numbers[0], month: numbers[1], day: numbers[2]) else {
            return fail(name, "not-a-date")
        }
        return date
    }

    /// A checkbox: whether it was sent, with anything but an empty value, `0`, `false`, `no` or `off`.
    package func flag(_ name: String) -> Bool {
        form[name].map { !["", "0", "false", "no", "off"].contains($0.lowercased()) } ?? false
    }

    /// A type of the caller's own, such as an identifier or an address; nil if it is left empty.
    /// - Parameters:
    ///   - code: The error when `parse` returns nil.
    ///   - parse: Given the text without blanks at its ends.
    package mutating func optionalValue<T>(_ name: String, code: String, _ parse: (String) -> T?) -> T? {
        guard let text = given(name) else { return nil }
        return parse(text) ?? fail(name, code)
    }

    /// The same, for a value that must be given. `standIn` is returned when it is not, and never leaves `Form.read`.
    package mutating func value<T>(_ name: String, code: String, standIn: T, _ parse: (String) -> T?) -> T {
        required(name, optionalValue(name, code: code, parse), else: standIn)
    }

    /// Notes an error found by the caller, such as two passwords that differ.
    package mutating func fail(_ name: String, _ code: String, _ parameters: [String: String] = [:]) {
        errors.add(code, for: name, parameters)
    }

    private mutating func fail<T>(_ name: String, _ code: String, _ parameters: [String: String] = [:]) -> T? {
        errors.add(code, for: name, parameters)
        return nil
    }

    private mutating func required<T>(_ name: String, _ value: T?, else standIn: T) -> T {
        if value == nil { fail(name, "required") }
        return value ?? standIn
    }

    private func given(_ name: String) -> String? {
        let text = trimmed(form[name] ?? "").withWesternDigits
        return text.isEmpty ? nil : text
    }

    private func trimmed(_ text: String) -> String {
        var rest = text[...].drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

extension Form {
    /// Reads the form's fields.
    ///
    ///     let change = try form.read { fields in
    ///         Change(name: fields.text("name", required: true, max: 200), starts: fields.date("starts"))
    ///     }
    ///
    /// - Throws: `FieldErrors` with all of them if any field was wrong, whatever `body` did; else what `body` throws.
    package func read<T>(_ body: (inout FieldReader) throws -> T) throws -> T {
        var reader = FieldReader(self)
        let result = Result { try body(&reader) }
        guard reader.errors.isEmpty else { throw reader.errors }
        return try result.get()
    }
}
