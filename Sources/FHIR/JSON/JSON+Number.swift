extension JSON {
    /// A JSON number by its digits. FHIR gives meaning to written precision (`1.50` says more than `1.5`), which a
    /// binary floating-point number would lose.
    package struct Number: Hashable, Sendable, CustomStringConvertible {
        /// The number as written, always within the JSON grammar.
        package let text: String

        /// Nil unless the text is a number in the JSON grammar: no `+`, no leading zero, no `NaN`.
        package init?(_ text: String) {
            var reader = JSONReader(Array(text.utf8), depthLimit: 0)
            guard case .number(let number)? = try? reader.document(), number.text == text else { return nil }
            self = number
        }

        package init(_ value: Int) {
            text = String(value)
        }

        /// For the reader, which has just checked the grammar.
        init(checked text: String) {
            self.text = text
        }

        /// The value where it is written as a whole number, without fraction or exponent, and fits.
        package var integer: Int? { Int(text) }

        /// The nearest binary floating-point value; infinite where the exponent is out of range.
        package var double: Double { Double(text) ?? .nan }

        package var description: String { text }
    }
}
