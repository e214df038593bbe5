import HTTPTypes
import Hummingbird
import Web

extension VideoRoom {
    /// Anybody signed in may ask; only those of the group find something.
    static let routes: [Route] = [
        .get("/meetings/{id}/room", .signedIn) { visit in
            let id = try visit.id(of: Meeting.self)
            var response = try await visit.show { try VideoRoomScreen(id, in: $0) }
            // The one page that asks for them.
            response.headers[.permissionsPolicy] = SecurityHeaders<SiteContext>.powers(
                allowed: ["camera", "microphone"])
            return response
        },
        .post("/meetings/{id}/room", .signedIn, done { try $0.come(as: $1.stay(), in: $2) }).taking("stay"),
        .get("/meetings/{id}/room/events", .signedIn, stream).asking("after", "stay").answering(.events).unattended(),
        .post("/meetings/{id}/room/signals", .signedIn, signal).taking("stay", "text", "to").unattended(),
        .post("/meetings/{id}/room/pulse", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
            try await visit.platform.notePulse(of: form.stay(), in: id, as: visit.credential)
            return Response(status: .noContent)
        }.taking("stay").unattended(),
        .post("/meetings/{id}/room/leaving", .signedIn, done { try $0.leave($1.stay(), in: $2) }).taking("stay"),
        .post(
            "/meetings/{id}/room/admissions", leaders,
            done { room, form, db in
                try room.admit(form["all"] == "yes" ? nil : form.stay(), in: db)
            }
        ).taking("all", "stay"),
        .post("/meetings/{id}/room/door", leaders, done { try $0.keepDoor(open: $1["open"] == "yes", in: $2) })
            .taking("open"),
        .post("/meetings/{id}/room/mutes", leaders, done { try $0.mute($1.stay(), in: $2) }).taking("stay"),
        .post("/meetings/{id}/room/removals", leaders, done { try $0.remove($1.stay(), in: $2) }).taking("stay"),
        .post("/meetings/{id}/room/ending", leaders, done { room, _, db in try room.end(in: db) }).taking(),
        .post(
            "/meetings/{id}/room/relay", .signedIn,
            done { room, form, db in
                try RelayRule.set(form["on"] == "yes", for: .person(db.me), in: db)
            }
        ).taking("on"),
        .get("/meetings/{id}/call", .signedIn) { visit in
            let id = try visit.id(of: Meeting.self)
            let link = try await visit.read { try jitsiLink(id, in: $0) }
            return Response(status: .seeOther, headers: [.location: link])
        },
        .get("/video", staff) { visit in try await visit.show { try VideoSettingsScreen(in: $0) } },
        .post("/video/relay", .role(.administrator)) { visit in
            let isOn = try await visit.form()["on"] == "yes"
            try await visit.write { try RelayRule.set(isOn, for: .house, in: $0) }
            return .seeOther("/video")
        }.taking("on"),
        .post("/groups/{id}/relay", .role(.coordinator)) { visit in
            let (id, isOn) = (try visit.id(of: Group.self), try await visit.form()["on"] == "yes")
            try await visit.write { db in
                try RelayRule.set(isOn, for: .group(Group.find(id, as: [.coordinator], in: db)), in: db)
            }
            return .seeOther("/video")
        }.taking("on")
    ]

    private static let leaders = Access.roles([.supporter, .coordinator, .supervisor])
    private static let staff = Access.roles([.coordinator, .administrator])

    /// A route that does one thing in a room. A script hears that it is done; a form leads back.
    private static func done(
        _ act: @escaping @Sendable (VideoRoom, Form, Writing) throws -> Void
    ) -> @Sendable (Visit) async throws -> Response {
        { visit in
            let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
            return try await visit.telling {
                try await visit.write { try act(find(id, in: $0), form, $0) }
                return visit.wantsJSON ? Response(status: .noContent) : .seeOther("/meetings/\(id)/room")
            }
        }
    }

    private static func signal(_ visit: Visit) async throws -> Response {
        let (id, form) = (try visit.id(of: Meeting.self), try await visit.form())
        let text = try form.read { $0.text("text", required: true, max: VideoSignal.longest, multiline: true) }
        let (mine, other) = (try form.stay(), try form.stay("to"))
        try await visit.platform.signal(text, from: mine, to: other, in: id, as: visit.credential)
        return Response(status: .noContent)
    }

    private static func stream(_ visit: Visit) async throws -> Response {
        let (id, query) = (try visit.id(of: Meeting.self), try visit.query)
        let after = Int(visit.request.lastEventID ?? query["after"] ?? "") ?? 0
        let feed = try await VideoFeed.open(id, query.stay(), after: after, for: visit.credential, on: visit.platform)
        return EventStream(run: { await feed.run(into: $0) }).response(from: visit.request, context: visit.context)
    }

    /// The link of a meeting on the house's Jitsi server, with a token for the person asking.
    private static func jitsiLink(_ id: Meeting.ID, in db: Reading) throws -> String {
        let room = try load(id, in: db)
        guard let jitsi = db.world.video.jitsi, let address = room.meeting.link(in: room.group) else {
            throw Problem.notFound
        }
        guard room.meeting.isComing || room.meeting.state == .running, db.now < room.closesAt else {
            throw Problem.conflict("video.over")
        }
        guard room.isSeated else { throw Problem.conflict("video.no-seat") }
        let name = try GroupMember.mine(in: room.group.id, db: db)?.nickname ?? db.actor.name
        guard let link = try jitsi.link(address, for: name, leads: room.leads, at: db.now) else {
            throw Problem.notFound
        }
        return link
    }
}

extension Visit {
    /// Does something for a script; what stands in the way is told in words that its page can show.
    fileprivate func telling(_ act: () async throws -> Response) async throws -> Response {
        do {
            return try await act()
        } catch let problem as Problem where wantsJSON && problem.status == .conflict {
            return try .json(["code": problem.code, "text": words("problems.\(problem.code)")], status: problem.status)
        }
    }
}

extension Form {
    /// A place in a room.
    fileprivate func stay(_ name: String = "stay") throws -> VideoStay.ID {
        guard let id = VideoStay.ID(untrusted: self[name] ?? "") else { throw Problem.notFound }
        return id
    }
}
