import Hummingbird
import Web

/// What people can know of what is known about them: who may see it, who has, and who opened more than that.
package enum Privacy {
    package static let feature = Feature(name: "Privacy", routes: routes + openingRoutes)

    static let routes: [Route] = [
        .get("/privacy", .role(.participant)) { visit in try await visit.show { try PrivacyScreen(in: $0) } },
        .get("/privacy/looks", .role(.participant)) { visit in
            let after = try visit.query["after"].flatMap(LooksScreen.place)
            return try await visit.show { try LooksScreen(after: after, in: $0) }
        },
        .get("/privacy/accounting", .role(.participant)) { visit in
            try await visit.show { try AccountingScreen(in: $0) }
        },
        .get("/privacy/items/{item}", .role(.participant)) { visit in
            guard let item = Item(rawValue: try visit.parameter("item")) else { throw Problem.notFound }
            return try await visit.show { try ItemScreen(item, in: $0) }
        }
    ]
}
