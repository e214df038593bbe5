import Hummingbird
import Web

extension PersonCopy {
    package static let feature = Feature(name: "Copies", routes: routes)

    static let routes: [Route] = [
        Route.get("/privacy/copy", .role(.participant)) { visit in
            try await visit.show { try PersonCopyScreen(copy: PersonCopy(of: $0.me, in: $0)) }
        }.afterFreshProof()
    ]
}
