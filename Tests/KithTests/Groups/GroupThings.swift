import Kith
import KithTestSupport
import Testing

/// Groups for tests that walk all routes: one that Cleo is in and Ben facilitates, one that she waits for, and one that
/// may end.
struct GroupThings: Sendable {
    let type: GroupType
    let open: Group
    let asked: Group
    let ending: Group
    let meeting: Meeting.ID
    /// One that is about to begin by video; Cleo and Ben are in the room, and Cleo was before, in another window.
    let online: Meeting.ID
    let stays: (cleo: VideoStay.ID, before: VideoStay.ID, ben: VideoStay.ID)
    let series: GroupSeries.ID
    /// A course that no group goes through, and one that the open group does.
    let course: (id: Course.ID, session: Course.Session.ID)
    /// Cleo's place in the group that she waits for.
    let applicant: GroupMember.ID
    /// That Cyrus was taken out of a group for his age.
    let parting: GroupParting.ID

    /// The group that a route is tried on.
    func group(for path: String) -> Group {
        switch path {
        case "/groups/{id}/ending": ending
        case "/groups/{id}/admission", "/groups/{id}/refusal", "/groups/{id}/leaving": asked
        default: open
        }
    }

    /// The meeting that a route is tried on.
    func meeting(for path: String) -> Meeting.ID { path.hasPrefix("/meetings/{id}/room") ? online : meeting }

    /// A form that would do.
    func form(_ path: String, _ village: Village) -> [String: String]? {
        let kind = [
            "name": "Night shift", "summary": "For people who are up at night.", "role": "supporter",
            "ages": "adults", "facilitators": "1", "block-hours": "24", "least": "2", "most": "10",
            "agreements": "Be kind."
        ]
        let plan = [
            "name": "Friday mornings", "language": "en", "setting": "in-person", "place": "The library",
            "admission": "open", "time-zone": "America/New_York"
        ]
        // Cleo's place once she has come to the room again.
        let again = "0195cf1e-0000-7000-8000-00000000000c"
        let start = ["date": "2026-03-20", "time": "18:00", "minutes": "60"]
        let forms: [String: [String: String]] = [
            "/groups/types": kind.merging(["program": village.riverside.program.text]) { $1 },
            // The same agreements, so that nobody is asked anew on the way.
            "/groups/types/{id}": kind.merging(
                ["name": "Day shift", "agreements": "What is said here stays here."]) { $1 },
            "/groups": plan.merging(["type": type.id.text]) { $1 },
            "/groups/{id}/plan": plan.merging(["name": "Thursday mornings"]) { $1 }, "/groups/{id}/start": [:],
            "/groups/{id}/ending": [:], "/groups/partings/{id}": [:],
            "/groups/{id}/facilitators": ["person": village.bao.id.text, "as": "cover"],
            "/groups/{id}/facilitators/ending": ["person": village.bao.id.text],
            "/groups/{id}/series": start.merging(["frequency": "weekly", "every": "1", "count": "2"]) { $1 },
            "/groups/{id}/series/ending": ["series": series.text], "/groups/{id}/meetings": start,
            "/groups/joining/{code}": ["nickname": "Robin", "agreements": "yes", "version": "1"],
            "/groups/{id}/agreements": ["agreements": "yes", "version": "1"],
            "/groups/{id}/membership": ["nickname": "Wren", "reminder": "60"], "/groups/{id}/leaving": [:],
            "/groups/{id}/admission": ["member": applicant.text], "/groups/{id}/refusal": ["member": applicant.text],
            "/meetings/{id}/time": start, "/meetings/{id}/cancellation": [:],
            "/meetings/{id}/facilitators": ["facilitators": village.ben.id.text],
            "/meetings/{id}/seat": [:], "/meetings/{id}/seat/freeing": [:],
            "/courses": [
                "program": village.riverside.program.text, "title": "Sleep", "language": "en", "needed": "1"
            ],
            "/courses/{id}/plan": ["title": "Nights", "language": "en", "needed": "1"],
            "/courses/{id}/sessions": ["title": "Light", "text": "Morning light helps."],
            "/courses/sessions/{id}": ["title": "Rest", "text": "Short naps."],
            "/courses/sessions/{id}/place": ["place": "2"], "/courses/sessions/{id}/removal": [:],
            "/groups/{id}/relay": ["on": "yes"], "/video/relay": ["on": "yes"],
            "/meetings/{id}/room/relay": ["on": "yes"],
            "/meetings/{id}/room": ["stay": again],
            "/meetings/{id}/room/signals": ["stay": again, "to": stays.ben.text, "text": "[]"],
            "/meetings/{id}/room/pulse": ["stay": again],
            "/meetings/{id}/room/leaving": ["stay": stays.before.text],
            "/meetings/{id}/room/admissions": ["all": "yes"], "/meetings/{id}/room/door": ["open": "yes"],
            "/meetings/{id}/room/mutes": ["stay": stays.cleo.text],
            "/meetings/{id}/room/removals": ["stay": stays.before.text], "/meetings/{id}/room/ending": [:]
        ]
        return forms[path]
    }
}

extension Village {
    func groupThings() async throws -> GroupThings {
        try await takesPart(cleo)
        let type = try await groupType(facilitators: 1)
        let led = try await course(["Breathing", "Asking for help"])
        let open = try await group(of: type) { ($0.seats, $0.course) = (3, led) }
        let unused = try await course(["Naps", "Noise"], title: "Better nights")
        let session = try await read(as: ana) { try Course.find(unused, in: $0).sessions(in: $0)[0].id }
        let asked = try await group(of: type) {
            ($0.name, $0.admission, $0.membershipRule) = ("Small circle", .closed, "For people who lost somebody.")
        }
        let ending = try await group(of: type) { $0.name = "The last one" }
        try await join(open, as: cleo, called: "Robin")
        let applicant = try await join(asked, as: cleo, called: "Robin")
        let (day, time) = (Day(year: 2026, month: 4, day: 7), TimeOfDay("18:30"))
        guard let day, let time else { throw Problem.notFound }
        let series = try await write(as: ana) { db in
            var plan = GroupSeries.Plan(startsOn: day, time: time)
            plan.count = 2
            return try GroupSeries.set(plan, for: open, in: db)
        }
        let (online, stays) = try await roomThings(of: type)
        return GroupThings(
            type: type, open: open, asked: asked, ending: ending, meeting: try await meeting(of: open), online: online,
            stays: stays, series: series, course: (unused, session), applicant: applicant,
            parting: try await parting(of: type))
    }

    private func parting(of type: GroupType) async throws -> GroupParting.ID {
        let group = try await group(of: type) { $0.name = "For adults" }
        try await takesPart(cyrus)
        try await join(group, as: cyrus, called: "Jay")
        try await born(2015, cyrus.id)
        try await born(nil, cyrus.id)
        return try #require(try await read(as: ana) { try GroupParting.open(in: $0).first?.id })
    }

    private func roomThings(
        of type: GroupType
    ) async throws -> (Meeting.ID, (cleo: VideoStay.ID, before: VideoStay.ID, ben: VideoStay.ID)) {
        let group = try await group(of: type) { ($0.name, $0.setting) = ("By video", .online) }
        try await join(group, as: cleo, called: "Robin")
        let meeting = try await soon(group)
        let ben = try await come(to: meeting, as: self.ben)
        let before = try await come(to: meeting, as: cleo)
        try await write(as: self.ben) { try VideoRoom.find(meeting, in: $0).admit(before, in: $0) }
        return (meeting, (try await come(to: meeting, as: cleo), before, ben))
    }
}
