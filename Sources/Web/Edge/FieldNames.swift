package import HTTPTypes

/// Field names that the library of HTTP types does not list.
extension HTTPField.Name {
    package static let secFetchSite = Self("Sec-Fetch-Site")!
    /// The first `Host` field is not among the header fields; this finds further ones.
    static let secondHost = Self("Host")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    static let xAccelBuffering = Self("X-Accel-Buffering")!

    /// Set on the one page that needs a camera or a microphone; refused everywhere else.
    package static let permissionsPolicy = Self("Permissions-Policy")!
    /// Set when signing out, to empty the browser's caches.
    package static let clearSiteData = Self("Clear-Site-Data")!
    /// Sent by browsers when they resume an event stream.
    package static let lastEventID = Self("Last-Event-ID")!
}
