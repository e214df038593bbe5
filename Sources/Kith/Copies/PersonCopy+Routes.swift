import Hummingbird
import Web

extension PersonCopy {
    package static let feature = Feature(name: "Copies", routes: routes, copied: covers)

    static let routes: [Route] = [
        Route.get("/privacy/copy", .role(.participant)) { visit in
            try await visit.show { try PersonCopyScreen(copy: PersonCopy(of: $0.me, in: $0)) }
        }.afterFreshProof(),
        Route.get("/privacy/copy/people/{sender}/messages/{message}/attachment", .role(.participant)) { visit in
            let (sender, message) = (
                try visit.id("sender", of: Person.self), try visit.id("message", of: Message.self)
            )
            let opened = try await visit.read { db in
                try Message.copiedAttachment(of: message, by: sender, for: db.me, db.organization, db)
            }
            return visit.file(opened)
        }.answering(.file).afterFreshProof()
    ]
}
