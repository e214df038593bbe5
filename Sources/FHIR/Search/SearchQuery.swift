/// A search, read from a query string or from a form sent to `_search`.
///
/// Chained parameters (`patient.name`) and `_has` are not part of it; they are reported as unknown like any other
/// parameter that was not declared, and the server decides: FHIR lets it ignore them, except when the client asks
/// for `Prefer: handling=strict`.
package struct SearchQuery: Hashable, Sendable, CustomStringConvertible {
    /// What one parameter asks for. All filters must be met.
    package struct Filter: Hashable, Sendable {
        package let parameter: String
        package let condition: SearchCondition
    }

    /// `_include=Task:owner:Organization`, or the same for `_revinclude`.
    package struct Include: Hashable, Sendable {
        /// The type whose parameter is followed: Task.
        package let source: String
        package let parameter: String
        /// The only type to include; nil for all.
        package let target: String?

        package init(source: String, parameter: String, target: String? = nil) {
            self.source = source
            self.parameter = parameter
            self.target = target
        }
    }

    package private(set) var filters: [Filter] = []
    /// `_count`: the size of a page; 0 asks for the number of matches only. Nil where it was not given.
    package private(set) var count: Int?
    /// `_include`: what the matches refer to, to be sent with them.
    package private(set) var includes: [Include] = []
    /// `_revinclude`: what refers to the matches, to be sent with them.
    package private(set) var reverseIncludes: [Include] = []
    /// The names of parameters that were not declared, as they came, each once.
    package private(set) var unknown: [String] = []

    /// More parameters or values than anyone needs are refused rather than searched for.
    package static let parameterLimit = 64
    package static let valueLimit = 256

    /// - Parameters:
    ///   - query: what follows the `?`, still percent-encoded.
    ///   - parameters: what can be searched by, besides ``SearchParameter/common``.
    /// - Throws: status 400 with every value and modifier that cannot be understood. FHIR does not allow to ignore
    ///   those, because a search that is wider than asked for may show what should not be shown.
    package init(_ query: String, parameters: [SearchParameter]) throws(OperationOutcome) {
        let known = Dictionary((SearchParameter.common + parameters).map { ($0.name, $0) }) { _, own in own }
        var issues: [Issue] = []
        let pairs = query.utf8.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= Self.parameterLimit else {
            let message = "a search may have \(Self.parameterLimit) parameters at most"
            throw OperationOutcome(Issue(.error, .tooCostly, message), status: 400)
        }
        for pair in pairs {
            do throws(Issue) {
                try read(pair, known: known)
            } catch {
                issues.append(error)
            }
        }
        guard issues.isEmpty else { throw OperationOutcome(issues, status: 400) }
    }

    /// One issue for each unknown parameter: as errors for a client that wants strict handling, else as warnings to
    /// put into the result.
    package func unknownIssues(strict: Bool) -> [Issue] {
        unknown.map { name in
            let shown = PropertyName.isPlain(name.filter { !"-.:".contains($0) }) ? "\"\(name)\"" : "with this name"
            let message = "there is no search parameter \(shown) here" + (strict ? "" : "; it was ignored")
            return Issue(strict ? .error : .warning, .notSupported, message)
        }
    }

    /// The names of the parameters only: what is searched for may be a person's name.
    package var description: String {
        "a search by " + (filters.isEmpty ? "nothing" : filters.map(\.parameter).joined(separator: ", "))
    }

    private mutating func read(
        _ pair: Substring.UTF8View, known: [String: SearchParameter]
    ) throws(Issue) {
        let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = Self.decoded(halves[0]), let value = Self.decoded(halves.count > 1 ? halves[1] : "".utf8[...])
        else { throw Issue(.error, .invalid, "the query is not properly percent-encoded UTF-8") }
        let colon = key.firstIndex(of: ":")
        let name = String(key[..<(colon ?? key.endIndex)])
        let modifier = colon.map { String(key[key.index(after: $0)...]) }
        switch name {
        // The form of the answer is settled before a search is looked at.
        case "_format", "_pretty": break
        case "_count": count = try pageSize(value)
        case "_include": includes += try Self.includes(value, name, modifier)
        case "_revinclude": reverseIncludes += try Self.includes(value, name, modifier)
        default:
            guard let parameter = known[name], modifier?.contains(".") != true else {
                if !unknown.contains(key) { unknown.append(key) }
                return
            }
            let condition = try SearchCondition(value, modifier: modifier, for: parameter)
            filters.append(Filter(parameter: name, condition: condition))
        }
    }

    private func pageSize(_ value: String) throws(Issue) -> Int {
        guard count == nil else { throw Issue(.error, .invalid, "_count must be given once") }
        guard value.utf8.allSatisfy(\.isASCIIDigit), let size = Int(value) else {
            throw Issue(.error, .value, "_count must be a whole number, 0 or more")
        }
        return size
    }

    private static func includes(_ value: String, _ name: String, _ modifier: String?) throws(Issue) -> [Include] {
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        guard modifier == nil else {
            throw Issue(.error, .notSupported, "\(name) is understood without a modifier only")
        }
        guard 2...3 ~= parts.count, parts.allSatisfy({ !$0.isEmpty }), ResourceKey.isTypeName(parts[0]) else {
            throw Issue(.error, .value, "\(name) must name a type and its parameter, such as Task:owner")
        }
        let target = parts.count == 3 ? String(parts[2]) : nil
        return [Include(source: String(parts[0]), parameter: String(parts[1]), target: target)]
    }

    /// Undoes the percent-encoding of a form; nil where it is broken or the bytes are no UTF-8.
    private static func decoded(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal)
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
