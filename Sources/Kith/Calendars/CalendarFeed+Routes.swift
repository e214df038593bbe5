import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Web

extension CalendarFeed {
    static let routes: [Route] = [
        .get("/calendar", .signedIn) { visit in try await visit.show { try CalendarScreen(in: $0) } },
        .post("/calendar/address", .signedIn) { visit in
            let secret = visit.secret(for: try await visit.form())
            let address = "\(visit.place.address)/calendars/\(secret.text)"
            try await visit.write { try make(secret, in: $0) }
            return try await visit.show(status: .created) { try CalendarScreen(address: address, in: $0) }
        }.taking("once"),
        .post("/calendar/ending", .signedIn) { visit in
            _ = try await visit.form()
            try await visit.write { try end(in: $0) }
            return .seeOther("/calendar")
        }.taking(),
        .post("/calendar/choices", .signedIn) { visit in
            let form = try await visit.form()
            let choice = CalendarChoice(showsPlaces: form["places"] == "yes", isByMail: form["mail"] == "yes")
            try await visit.write { try choice.keep(in: $0) }
            return .seeOther("/calendar")
        }.taking("mail", "places"),
        // Phones ask for it by themselves, and hold nothing but the address.
        .get("/calendars/{token}", .anyone) { visit in
            let hash = Secret(presented: try visit.parameter("token")).hash
            try visit.platform.calendarReads.take(for: hash, at: visit.platform.world.now())
            let (feed, times) = try await visit.read { db in
                let feed = try find(hash, in: db)
                return (feed, try PlannedTime.all(for: feed, in: db))
            }
            return visit.calendar(feed.text(of: times, at: visit.place.host, visit.words))
        }.answering(.calendar)
    ]
}

extension Visit {
    /// A calendar, or word that the one they have is still right. It is asked for again each time, so that an address that
    /// was ended gives nothing any more.
    fileprivate func calendar(_ text: String) -> Response {
        let bytes = Array(text.utf8)
        let digest = SHA256.hash(data: bytes).prefix(16)
        let tag = "\"\(Data(digest).base64EncodedString())\""
        let known = request.headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }
        var response =
            known.contains { $0.trimmed == tag || $0.trimmed == "W/\(tag)" }
            ? Response(status: .notModified) : .bytes(bytes, type: "text/calendar; charset=utf-8")
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = "private, no-cache"
        response.headers[.vary] = "Accept-Language"
        return response
    }
}
