import Foundation
import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Testing

@Suite("The description of the API")
struct OpenAPITests {
    private static let features = Features.all + [Interop.feature]

    /// The document as `/openapi.json` gives it.
    private func document(_ village: Village) async throws -> [String: Any] {
        let text = try await village.browsing { browser in
            let answer = try await browser(nil).get("/openapi.json")
            #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
            return answer.text
        }
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("Every route is in it, and nothing else but the assets")
    func whole() async throws {
        try await withVillage(.sqlite, features: Self.features) { village in
            let paths = try #require(try await document(village)["paths"] as? [String: [String: Any]])
            let told = Set(paths.flatMap { path, operations in operations.keys.map { "\($0) \(path)" } })
            let registered = village.platform.routes.map {
                "\($0.method.rawValue.lowercased()) \($0.path.replacing("**", with: "{path}"))"
            }
            #expect(registered.count > 80 && Set(registered).count == registered.count)
            #expect(told == Set(registered + ["get /assets/{path}"]))
        }
    }

    @Test("It says who may come, what is in the address, and what a form has")
    func operations() async throws {
        try await withVillage(.sqlite, features: Self.features) { village in
            let paths = try #require(try await document(village)["paths"] as? [String: [String: Any]])
            for route in village.platform.routes {
                let path = route.path.replacing("**", with: "{path}")
                let operation = try #require(paths[path]?[route.method.rawValue.lowercased()] as? [String: Any])
                let security = try #require(operation["security"] as? [[String: Any]])
                let schemes = security.flatMap(\.keys)
                switch route.access {
                case .anyone, .setup: #expect(schemes.isEmpty, "\(path)")
                case .partner: #expect(schemes == ["partner"], "\(path)")
                default: #expect(schemes == ["session"], "\(path)")
                }
                let parameters = (operation["parameters"] as? [[String: Any]] ?? []).filter {
                    $0["in"] as? String == "path"
                }
                #expect(parameters.count == path.count { $0 == "{" }, "\(path)")
                let body = operation["requestBody"] as? [String: Any]
                let isForm = route.method == .post && route.access != .partner
                let takesSomething = isForm || !route.contract.resources.isEmpty
                #expect((body != nil) == takesSomething, "\(route.method) \(path)")
                #expect((operation["responses"] as? [String: Any])?.isEmpty == false, "\(path)")
            }
        }
    }

    @Test("What a form declares is all that it has: a handler is shown nothing else")
    func fields() async throws {
        try await withVillage(.sqlite, features: Self.features) { village in
            let things = try await RouteThings(village)
            for route in village.platform.routes where route.method == .post && route.access != .partner {
                guard let fields = route.contract.fields else { continue }
                for name in (things.form(route) ?? [:]).keys {
                    let isDeclared = fields.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : $0 == name }
                    #expect(isDeclared, "the form of POST \(route.path) has “\(name)”: add it to .taking(…)")
                }
            }
        }
    }
}
