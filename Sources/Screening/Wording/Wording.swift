/// Words of a note that its reader may take otherwise than they were meant, and what about them.
///
/// It is a hint to whoever writes, shown before anybody else reads it. It holds nothing back, is kept nowhere, and says
/// nothing about a person.
package struct Wording: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Told what to do: “she should”, “I advised him”.
        case advice
        /// The words of a clinic: “symptoms”, “the patient”.
        case clinic
        /// A name for a person in place of what happened: “addict”, “non-compliant”.
        case label
    }

    package let kind: Kind
    /// Where in the text.
    package let range: Range<String.Index>
}
