import Hummingbird
import Web

extension RunningMeeting {
    private static let staff = Access.roles([.supporter, .coordinator, .supervisor])

    static let routes: [Route] = [
        .get("/meetings/{id}/running", staff) { visit in
            let id = try visit.id(of: Meeting.self)
            return try await visit.show { try RunningScreen(id, in: $0) }
        },
        .post("/meetings/{id}/running", staff) { visit in
            let id = try visit.id(of: Meeting.self)
            _ = try await visit.form()
            try await visit.write { try find(id, in: $0).start(in: $0) }
            return .seeOther("/meetings/\(id)/running")
        }.taking(),
        .post("/meetings/{id}/arrivals", staff) { visit in
            let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
            guard let member = GroupMember.ID(untrusted: form["member"] ?? "") else { throw Problem.notFound }
            let isHere = form["here"] != "no"
            try await visit.write { try find(id, in: $0).arrive(member, isHere: isHere, in: $0) }
            return .seeOther("/meetings/\(id)/running")
        }.taking("here", "member"),
        .post("/meetings/{id}/closing", staff) { visit in
            let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
            return try await visit.submit {
                let closing = try Closing(form)
                try await visit.write { try find(id, in: $0).close(closing, in: $0) }
            } next: {
                "/meetings/\(id)/running"
            } again: {
                try RunningScreen(id, form, $0, in: $1)
            }
        }.taking("came-*", "keep", "minutes", "note", "outcome-*", "seen"),
        .get("/meetings/{id}/picture", staff) { visit in
            let id = try visit.id(of: Meeting.self)
            let code = try await visit.read { try find(id, in: $0).code }
            guard let code else { throw Problem.notFound }
            return .bytes(try QRCode("\(visit.place.address)/here?code=\(code)").svg.utf8, type: "image/svg+xml")
        }.answering(.picture),
        .get("/here", .signedIn) { visit in
            let query = try visit.query
            return try await visit.show { _ in HereScreen(query) }
        }.asking("code", "done"),
        .post("/here", .signedIn) { visit in
            let form = try await visit.form()
            return try await visit.submit {
                try visit.platform.codeEntries.take(for: visit.session?.hash ?? "", at: visit.platform.world.now())
                let code = try form.read { $0.text("code", required: true, max: 20) }
                try await visit.write { try arrive(code: code, in: $0) }
            } next: {
                "/here?done=yes"
            } again: { errors, _ in
                HereScreen(form, errors)
            }
        }.taking("code")
    ]
}

extension Form {
    /// When the page that it stood on was made.
    var seen: Instant? { self["seen"].flatMap { Int64($0) }.map(Instant.init(milliseconds:)) }
}

extension RunningMeeting.Closing {
    /// What the form at the end of a meeting says.
    fileprivate init(_ form: Form) throws {
        self = try form.read { fields in
            func members(_ prefix: String) -> [(GroupMember.ID, String)] {
                form.names.filter { $0.hasPrefix(prefix) }.compactMap { name in
                    GroupMember.ID(untrusted: String(name.dropFirst(prefix.count))).map { ($0, form[name] ?? "") }
                }
            }
            let outcomes = members("outcome-").compactMap { member, text in
                GroupContact.Outcome(rawValue: text).map { (member, $0) }
            }
            return Self(
                came: Set(members("came-").map(\.0)), outcomes: Dictionary(outcomes) { one, _ in one },
                minutes: fields.integer("minutes", in: 1...Meeting.minutes.upperBound),
                note: fields.text("note", max: RunningMeeting.longestNote, multiline: true),
                keepsNames: fields.flag("keep"), seen: form.seen)
        }
    }
}
