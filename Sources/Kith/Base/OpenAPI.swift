import HTTPTypes
import Web

/// The addresses of a platform as an OpenAPI 3.1 document, made of the routes themselves: what a route declares is what
/// its handler is shown, so that this cannot say anything else than what happens.
package struct OpenAPI: Encodable {
    private let document: Node

    package init(of platform: Platform, at place: Place) {
        var paths: [String: Node] = [:]
        for route in platform.routes {
            let path = Self.path(of: route)
            paths[path, default: [:]][route.method.rawValue.lowercased()] = Self.operation(route)
        }
        paths["/assets/{path}", default: [:]]["get"] = Self.asset
        document = [
            "openapi": "3.1.0",
            "info": [
                "title": "Kith", "version": "1",
                "description": """
                Pages and forms for people, and FHIR R4 for the systems of those who refer. Forms carry the token \
                that the session's pages have in “form-token”, and come from a page of this site.
                """
            ],
            "servers": [["url": .text(place.address)]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "session": ["type": "apiKey", "in": "cookie", "name": .text(place.sessionCookie.name)],
                    "partner": ["type": "http", "scheme": "bearer"]
                ],
                "schemas": [
                    "Problem": [
                        "type": "object", "required": ["code"],
                        "properties": ["code": ["type": "string"], "reference": ["type": "string"]]
                    ],
                    "Resource": [
                        "type": "object", "required": ["resourceType"],
                        "properties": ["resourceType": ["type": "string"], "id": ["type": "string"]]
                    ]
                ]
            ]
        ]
    }

    package func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    /// `/fhir/**` → `/fhir/{path}`
    private static func path(of route: Route) -> String { route.path.replacing("**", with: "{path}") }

    private static func operation(_ route: Route) -> Node {
        var operation: Node = [
            "operationId": .text("\(route.method.rawValue.lowercased()) \(path(of: route))"),
            "responses": answers(of: route)
        ]
        let parameters = holes(in: route) + (route.contract.query ?? []).map(queryParameter)
        if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
        if let body = body(of: route) { operation["requestBody"] = ["required": true, "content": body] }
        switch route.access {
        case .anyone, .setup: operation["security"] = []
        case .partner: operation["security"] = [["partner": []]]
        default: operation["security"] = [["session": []]]
        }
        if case .roles(let roles) = route.access {
            operation["x-roles"] = .list(roles.map(\.rawValue).sorted().map(Node.text))
        }
        return operation
    }

    private static func holes(in route: Route) -> [Node] {
        path(of: route).split(separator: "{").dropFirst().map { part in
            [
                "name": .text(String(part.prefix { $0 != "}" })), "in": "path", "required": true,
                "schema": ["type": "string", "minLength": 1]
            ]
        }
    }

    private static func queryParameter(_ name: String) -> Node {
        ["name": .text(name), "in": "query", "schema": ["type": "string"]]
    }

    private static func body(of route: Route) -> Node? {
        if !route.contract.resources.isEmpty {
            let types = route.contract.resources.map(Node.text)
            return [
                "application/fhir+json": [
                    "schema": [
                        "type": "object", "required": ["resourceType"],
                        "properties": ["resourceType": ["enum": .list(types)]]
                    ]
                ]
            ]
        }
        guard route.method == .post, route.access != .partner else { return nil }
        var properties: [String: Node] = [:]
        var patterns: [String: Node] = [:]
        // A form that declares nothing may have anything.
        for field in route.contract.fields ?? ["*"] {
            if field.hasSuffix("*") {
                patterns["^\(field.dropLast())"] = ["type": "string"]
            } else {
                properties[field] = ["type": "string"]
            }
        }
        if route.access != .anyone { properties["form-token"] = ["type": "string"] }
        var schema: Node = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        if !patterns.isEmpty { schema["patternProperties"] = .object(patterns) }
        var content: Node = ["application/x-www-form-urlencoded": ["schema": schema]]
        if !route.contract.files.isEmpty {
            for file in route.contract.files { properties[file] = ["type": "string", "format": "binary"] }
            schema["properties"] = .object(properties)
            content["multipart/form-data"] = ["schema": schema]
        }
        return content
    }

    /// What may come back. The edge may turn down any request, in plain text for who asks for no page.
    private static func answers(of route: Route) -> Node {
        let problem: Node = ["schema": ["$ref": "#/components/schemas/Problem"]]
        let resource: Node = ["schema": ["$ref": "#/components/schemas/Resource"]]
        let good: Node
        let bad: Node
        switch route.contract.answer {
        case .fhir:
            good = ["application/fhir+json": resource]
            bad = ["application/fhir+json": resource, "text/plain": [:], "text/html": [:]]
        case .json:
            (good, bad) = (
                ["application/json": [:]], ["application/json": problem, "text/plain": [:], "text/html": [:]]
            )
        case .events:
            (good, bad) = (
                ["text/event-stream": [:]], ["application/json": problem, "text/plain": [:], "text/html": [:]]
            )
        case .text:
            (good, bad) = (["text/plain": [:]], ["application/json": problem, "text/plain": [:], "text/html": [:]])
        case .script:
            (good, bad) = (["text/javascript": [:]], ["application/json": problem, "text/plain": [:], "text/html": [:]])
        case .picture:
            good = ["image/svg+xml": [:]]
            bad = ["application/json": problem, "text/plain": [:], "text/html": [:]]
        case .file:
            (good, bad) = (
                ["image/*": [:], "audio/*": [:]],
                ["application/json": problem, "text/plain": [:], "text/html": [:]]
            )
        case .calendar:
            (good, bad) = (
                ["text/calendar": [:]], ["application/json": problem, "text/plain": [:], "text/html": [:]]
            )
        case .table:
            (good, bad) = (["text/csv": [:]], ["application/json": problem, "text/plain": [:], "text/html": [:]])
        case .record:
            good = ["application/fhir+json": resource]
            bad = ["application/json": problem, "text/plain": [:], "text/html": [:]]
        case .page:
            good = ["text/html": [:], "application/json": [:]]
            bad = ["application/json": problem, "text/plain": [:], "text/html": [:]]
        }
        var answers: [String: Node] = [:]
        for (code, words) in statuses(of: route) {
            let content: Node? = code < 300 && code != 204 ? good : code < 400 ? nil : bad
            answers[String(code)] =
                content.map { ["description": .text(words), "content": $0] }
                ?? ["description": .text(words)]
        }
        return .object(answers)
    }

    private static func statuses(of route: Route) -> [(Int, String)] {
        let always = [
            (400, "Cannot be read."), (404, "Not there, or not yours."), (408, "Took too long."),
            (429, "Too many; wait a little.")
        ]
        let guarded = [(401, "Come in first."), (403, "Not yours to do.")]
        let writes = [
            (403, "Not yours to do."), (409, "No longer possible as things stand."), (413, "Too much at once."),
            (415, "Another media type is needed."), (422, "Some values cannot be accepted.")
        ]
        var statuses = always
        if route.access == .setup { statuses.append(writes[1]) }
        if ![.anyone, .setup].contains(route.access) { statuses += guarded }
        switch route.contract.answer {
        case .fhir:
            statuses += [
                (200, "Done."), (201, "Made."), (405, "Not served here."), (406, "Answers are FHIR JSON."),
                (412, "It has changed meanwhile.")
            ]
            statuses += writes
        case .page where route.method == .get: statuses += [(200, "The page."), (303, "Look there.")]
        case .page:
            statuses += [
                (200, "Done; what is shown once."), (201, "Made."), (204, "Noted."), (303, "Done; look there.")
            ]
            statuses += writes
        case .file:
            statuses += [
                (200, "As it is."), (206, "The part of it that was asked for."), (303, "Come in first."),
                (416, "It is shorter than that.")
            ]
        default: statuses += [(200, "As it is.")] + (route.access == .anyone ? [] : [(303, "Come in first.")])
        }
        return statuses
    }

    private static let asset: Node = [
        "operationId": "get /assets/{path}", "security": [],
        "parameters": [["name": "path", "in": "path", "required": true, "schema": ["type": "string"]]],
        "responses": [
            "200": ["description": "The file; it never changes."], "304": ["description": "As you have it."],
            "400": ["description": "Cannot be read."], "404": ["description": "Not there."]
        ]
    ]
}

/// A value of JSON.
private enum Node: Encodable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([Node])
    case object([String: Node])

    subscript(name: String) -> Node? {
        get { if case .object(let members) = self { members[name] } else { nil } }
        set {
            guard case .object(var members) = self else { return }
            members[name] = newValue
            self = .object(members)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension Node: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension Node: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(arrayLiteral elements: Node...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Node)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
