/// Something people may tell about themselves, if they want to, so that it can count in matching.
package enum Attribute: Int, CaseIterable, Sendable {
    case gender, ageBand, culture
}

/// One value for each attribute.
package struct Attributes<Value> {
    package var gender: Value
    package var ageBand: Value
    package var culture: Value

    package init(gender: Value, ageBand: Value, culture: Value) {
        self.gender = gender
        self.ageBand = ageBand
        self.culture = culture
    }

    package subscript(attribute: Attribute) -> Value {
        get {
            switch attribute {
            case .gender: gender
            case .ageBand: ageBand
            case .culture: culture
            }
        }
        set {
            switch attribute {
            case .gender: gender = newValue
            case .ageBand: ageBand = newValue
            case .culture: culture = newValue
            }
        }
    }
}

extension Attributes: Equatable where Value: Equatable {}
extension Attributes: Sendable where Value: Sendable {}

extension Attributes<Int?> {
    /// Nothing told. An attribute that is not told never meets a wish, and never counts against anybody otherwise.
    package static let untold = Attributes(gender: nil, ageBand: nil, culture: nil)
}

extension Attributes<Wish> {
    /// No wish about any attribute.
    package static let none = Attributes(gender: .noPreference, ageBand: .noPreference, culture: .noPreference)
}

/// What a person asks of one attribute of the supporter.
///
/// "Someone different from me" counts exactly as much as "someone like me". Nothing is assumed: without a wish the
/// attribute plays no part.
package enum Wish: Equatable, Sendable {
    case noPreference
    /// Adds points when met.
    case prefer(Aim)
    /// Excludes when not met, also when the supporter has not told the attribute.
    case must(Aim)

    package enum Aim: Equatable, Sendable {
        case same
        case different
        /// One of these values, whatever the person's own is: a woman only.
        case oneOf(CodeSet)

        /// Unknown values never meet an aim, whichever it is.
        package func isMet(own: Int?, theirs: Int?) -> Bool {
            guard let theirs else { return false }
            return switch self {
            case .same: own == theirs
            case .different: own != nil && own != theirs
            case .oneOf(let values): values.contains(theirs)
            }
        }

        /// Whether enough has been told to judge the aim.
        package func isKnown(own: Int?, theirs: Int?) -> Bool {
            switch self {
            case .same, .different: own != nil && theirs != nil
            case .oneOf: theirs != nil
            }
        }
    }
}
