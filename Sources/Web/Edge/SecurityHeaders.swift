internal import HTTPTypes
package import Hummingbird

/// Adds the fields that tell browsers what pages may not do. What a response sets itself is left alone, so a page that
/// needs more says so itself.
///
/// Also turns every error that gets this far into a response, so that refusals carry the fields as well; of an error
/// without a response of its own only the type is logged.
package struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    private let fields: HTTPFields

    /// - Parameters:
    ///   - https: Whether the site's own address is https. On plain http some of the fields would lock people out.
    ///   - referrerPolicy: `same-origin` tells other sites as little as `no-referrer` does. The latter also makes
    ///     browsers send `Origin: null` with forms, so that `CrossSiteCheck` would turn away everyone whose browser
    ///     has no `Sec-Fetch-Site`: older ones, and all of them on plain http.
    package init(https: Bool, referrerPolicy: String = "same-origin") {
        var fields: HTTPFields = [
            .contentSecurityPolicy: ContentPolicy(https: https).text,
            .crossOriginOpenerPolicy: "same-origin",
            .crossOriginResourcePolicy: "same-origin",
            .referrerPolicy: referrerPolicy,
            .xContentTypeOptions: "nosniff",
            .permissionsPolicy: Self.powers(),
            .cacheControl: "no-store"
        ]
        if https { fields[.strictTransportSecurity] = "max-age=31536000" }
        self.fields = fields
    }

    /// The value of the `Permissions-Policy` field.
    /// - Parameter allowed: what this one page asks a browser for; every other power stays refused.
    package static func powers(allowed: Set<String> = []) -> String {
        refusedPowers.map { "\($0)=\(allowed.contains($0) ? "(self)" : "()")" }.joined(separator: ", ")
    }

    /// What no page of ours asks a browser for, unless it says so.
    private static var refusedPowers: [String] {
        [
            "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
            "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb"
        ]
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context: context, next: next)
        for field in fields where !response.headers.contains(field.name) { response.headers.append(field) }
        return response
    }
}

/// The content security policy: everything from this site, nothing inline, no plug-ins, no framing.
package struct ContentPolicy: Sendable {
    package var https: Bool
    /// Origins that may show the page in a frame, such as a hospital's record system; none by default.
    package var frameAncestors: [String] = []

    package init(https: Bool, frameAncestors: [String] = []) {
        (self.https, self.frameAncestors) = (https, frameAncestors)
    }

    /// The value of the `Content-Security-Policy` field.
    package var text: String {
        let ancestors = frameAncestors.isEmpty ? "'none'" : frameAncestors.joined(separator: " ")
        var parts = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
            "connect-src 'self'", "media-src 'self' blob:", "font-src 'self'", "manifest-src 'self'",
            "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors \(ancestors)",
            // Scripts put text into the page and nothing else; not even ours can make a string into code. The one policy
            // there may be, once on a page, answers with the address of our worker whatever it is asked.
            "require-trusted-types-for 'script'", "trusted-types worker"
        ]
        // On plain http it would send every link to a port nobody listens on.
        if https { parts.append("upgrade-insecure-requests") }
        return parts.joined(separator: "; ")
    }
}
