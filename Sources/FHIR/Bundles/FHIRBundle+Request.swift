extension FHIRBundle {
    /// What an entry of a transaction or batch asks for.
    package struct Request: Sendable {
        package let method: Method
        /// As written: relative to the server's base address.
        package let url: String
        package let target: Target
        /// Create only where this search finds nothing: `identifier=system|value`.
        package let ifNoneExist: String?
        /// Change only while this is the version: `W/"3"`.
        package let ifMatch: String?
        /// Answer a GET only where this is no longer the version.
        package let ifNoneMatch: String?

        /// What a request's URL names.
        package enum Target: Hashable, Sendable {
            /// `Patient`, and the query after it, which is empty where there is none.
            case type(String, query: String)
            /// `Patient/1`.
            case instance(ResourceKey)
            /// Anything else, such as an operation, which a server may know.
            case other
        }

        /// The version that ``ifMatch`` names: `3` for `W/"3"`. Nil where it has another form.
        package var expectedVersion: String? {
            guard let ifMatch, ifMatch.hasPrefix("W/\""), ifMatch.hasSuffix("\""), ifMatch.count > 4 else { return nil }
            return String(ifMatch.dropFirst(3).dropLast())
        }
    }

    /// http://hl7.org/fhir/R4/valueset-http-verb.html
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
        case patch = "PATCH"

        /// The place in the order of processing.
        var rank: Int {
            switch self {
            case .delete: 0
            case .post: 1
            case .put, .patch: 2
            case .get, .head: 3
            }
        }

        /// Whether it changes a resource that is named in its URL.
        var changes: Bool { self == .put || self == .patch || self == .delete }
    }
}

extension FHIRBundle.Request {
    init(_ json: JSON?, for resource: Resource?, at path: String) throws(Issue) {
        guard let json else {
            throw Issue(.error, .required, at: path, "is required: the entry must say what shall be done with it")
        }
        guard let method = json["method"]?.text.flatMap(FHIRBundle.Method.init) else {
            throw Issue(.error, .value, at: "\(path).method", "must be GET, HEAD, POST, PUT, DELETE or PATCH")
        }
        guard let url = json["url"]?.text, !url.isEmpty else {
            throw Issue(.error, .required, at: "\(path).url", "is required and missing")
        }
        self.method = method
        self.url = url
        target = Self.target(url)
        ifNoneExist = json["ifNoneExist"]?.text
        ifMatch = json["ifMatch"]?.text
        ifNoneMatch = json["ifNoneMatch"]?.text
        try check(resource, at: path)
    }

    private static func target(_ url: String) -> Target {
        let relative = url.hasPrefix("/") ? String(url.dropFirst()) : url
        if let key = ResourceKey(relative) { return .instance(key) }
        let halves = relative.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let type = halves.first, ResourceKey.isTypeName(type) else { return .other }
        return .type(String(type), query: halves.count > 1 ? String(halves[1]) : "")
    }

    /// What the methods demand of the resource beside them.
    private func check(_ resource: Resource?, at path: String) throws(Issue) {
        guard method == .post || method == .put else { return }
        guard let resource else {
            // An operation may be invoked without a body.
            if method == .post, target == .other { return }
            throw Issue(.error, .required, at: path, "\(method.rawValue) needs a resource in the entry")
        }
        switch target {
        case .type(let type, _) where type != resource.type:
            throw Issue(.error, .invalid, at: "\(path).url", "the URL names another type than the resource has")
        case .instance(let key) where method == .post || key.type != resource.type || key.id != resource.id:
            let message =
                method == .post ? "POST must name a type only" : "the URL and the resource must name the same id"
            throw Issue(.error, .invalid, at: "\(path).url", message)
        default: break
        }
    }
}
