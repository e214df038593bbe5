import Hummingbird
import Web

extension Referral {
    /// Pages for people without an account.
    static let publicRoutes: [Route] = [
        .get("/get-support", .signedIn) { visit in
            let slug = try await visit.read { try Organization.current(in: $0).slug }
            return .seeOther("/get-support/\(slug)")
        },
        .get("/get-support/{slug}", .anyone) { visit in
            let slug = try visit.parameter("slug")
            // A leaflet is about one program; whoever comes by it need not look for that one.
            let chosen = try visit.query["program"].map { Form(["program": [$0]]) } ?? Form()
            return try await visit.show { try GetSupportScreen(slug, chosen, in: $0) }
        }.asking("program"),
        .post("/get-support/{slug}", .anyone, ask).taking(
            "asker", "language", "leave-message", "name", "once", "program", "reach", "whom"),
        .get("/asked/{token}", .anyone) { visit in
            let link = try visit.link(.asked)
            return try await visit.show(by: link) { try AskedScreen(link, in: $0) }
        },
        .get("/progress", .anyone) { visit in try visit.show(ProgressDoorScreen(form: Form(), failed: false)) },
        .post("/progress", .anyone, unlock).taking("pin", "reference"),
        .post("/progress/{token}/cancellation", .anyone) { visit in
            let link = try visit.link(.progress)
            try await visit.write(by: link) { db in
                try load(ID(link.object), of: link.organization, in: db).followed(in: db)
                    .requestCancellation(because: nil, in: db)
            }
            return .seeOther("/progress/\(try visit.parameter("token"))")
        }.taking(),
        .post("/progress/{token}/account", .anyone, openAccount).taking(),
        .get("/status/{token}", .anyone) { visit in
            let link = try visit.link(.status)
            return try await visit.show(by: link) { db in
                let screen = try SentReferralScreen(link, in: db)
                db.disclose(.status, of: screen.referral.person)
                return screen
            }
        }
    ]

    private static func ask(_ visit: Visit) async throws -> Response {
        let slug = try visit.parameter("slug")
        let form = try await visit.form()
        let (unnamed, language) = (visit.words("support.unnamed"), visit.locale)
        return try await visit.submit {
            try await visit.write { db -> String? in
                let organization = try Organization.find(slug: slug, in: db)
                var draft = try GetSupportScreen.draft(form, unnamed: unnamed, language: language)
                guard try Program.staffed(of: organization.id, in: db).contains(where: { $0.id == draft.program })
                else { throw Problem.invalid("program", "not-a-choice") }
                draft.formKey = form.key(by: "public")
                let referral = try open(draft, of: organization.id, in: db)
                // The PIN is shown for a short while only, however often the same page is sent.
                guard db.now < referral.receivedAt.adding(minutes: 15) else { return nil }
                let link = SignedLink(
                    .asked, of: organization.id, to: referral.id.text, until: db.now.adding(minutes: 15))
                return link.token(in: db.world)
            }
        } next: {
            (token: String?) -> SitePath in
            token.map { "/asked/\($0)" } ?? "/progress"
        } again: {
            try GetSupportScreen(slug, form, $0, in: $1)
        }
    }

    /// What a wrong try takes. Only where there is such a reference something is written down, and how long that takes
    /// would tell which there are.
    private static let pauseOfWrongTries = Duration.milliseconds(100)

    private static func unlock(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let end = ContinuousClock.now + pauseOfWrongTries
        let link = try await visit.write { db in
            try Referral.unlock(reference: form["reference"] ?? "", pin: form["pin"] ?? "", in: db)
        }
        guard let link else {
            try await Task.sleep(until: end, tolerance: .zero)
            return try visit.show(ProgressDoorScreen(form: form, failed: true), status: .unprocessableContent)
        }
        return .seeOther("/progress/\(link.token(in: visit.platform.world))")
    }

    /// From reference and PIN to a page of one's own: an invitation, taken at once.
    private static func openAccount(_ visit: Visit) async throws -> Response {
        let link = try visit.link(.progress)
        let secret = visit.platform.world.newSecret()
        try await visit.write(by: link) { db in
            let referral = try load(ID(link.object), of: link.organization, in: db)
            guard try referral.mayOpenAccount(in: db) else { throw Problem.conflict("referral.already-closed") }
            try Invitation.send(to: referral.person, of: link.organization, secret: secret, in: db)
        }
        return .seeOther("/invitations/\(secret.text)")
    }
}
