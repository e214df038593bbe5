import Storage

/// The first run: from a Kith without any organization to one whose administrator can sign in.
package enum Setup {
    package static let feature = Feature(name: "Setup", routes: routes + sequelRoutes)
}

extension Platform {
    /// Makes the link with which a Kith without any organization is set up; nil where there is one.
    /// - Parameter mail: who carries a test mail; nil where no mail server is set.
    package func openSetup(mail: (any Carrier)? = nil) async throws -> Secret? {
        guard try await store.read({ try !$0.exists("SELECT 1 FROM organization") }) else { return nil }
        let link = world.newSecret()
        setup.open(with: link, mail: mail)
        return link
    }
}
