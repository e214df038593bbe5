/// Something people may tell about themselves, if they want to, so that it can count in matching.
package enum Attribute: Int, CaseIterable, Sendable {
    case gender, birthYear, culture

    /// How far apart two values may lie and still be the same: ten years between two years of birth. A calendar decade
    /// would part people born a year apart.
    package var tolerance: Int { self == .birthYear ? 10 : 0 }
}

/// One value for each attribute.
package struct Attributes<Value> {
    package var gender: Value
    package var birthYear: Value
    package var culture: Value

    package init(gender: Value, birthYear: Value, culture: Value) {
        self.gender = gender
        self.birthYear = birthYear
        self.culture = culture
    }

    package subscript(attribute: Attribute) -> Value {
        get {
            switch attribute {
            case .gender: gender
            case .birthYear: birthYear
            case .culture: culture
            }
        }
        set {
            switch attribute {
            case .gender: gender = newValue
            case .birthYear: birthYear = newValue
            case .culture: culture = newValue
            }
        }
    }
}

extension Attributes: Equatable where Value: Equatable {}
extension Attributes: Sendable where Value: Sendable {}

extension Attributes<Int?> {
    /// Nothing told. An attribute that is not told never meets a wish, and never counts against anybody otherwise.
    package static let untold = Attributes(gender: nil, birthYear: nil, culture: nil)
}

extension Attributes<Wish> {
    /// No wish about any attribute.
    package static let none = Attributes(gender: .noPreference, birthYear: .noPreference, culture: .noPreference)
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
        /// - Parameter tolerance: how far apart two values may lie and still be the same; see ``Attribute/tolerance``.
        package func isMet(own: Int?, theirs: Int?, within tolerance: Int) -> Bool {
            guard let theirs else { return false }
            if case .oneOf(let values) = self { return values.contains(theirs) }
            guard let own else { return false }
            let (distance, overflow) = max(own, theirs).subtractingReportingOverflow(min(own, theirs))
            return (!overflow && distance <= tolerance) == (self == .same)
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
