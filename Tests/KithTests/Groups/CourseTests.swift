import HTTPTypes
import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Courses: each meeting that is held is the next session")
struct CourseTests {
    private func course(_ village: Village, needed: Int = 2, sessions: [String] = ["One", "Two", "Three"]) async throws
        -> (id: Course.ID, group: Group)
    {
        let id = try await village.course(sessions, needed: needed)
        return (id, try await village.group { $0.course = id })
    }

    /// The course of the group as somebody sees it.
    private func progress(_ group: Group, _ village: Village, as neighbor: Village.Neighbor) async throws -> GroupCourse
    {
        let found = try await village.read(as: neighbor) { db in
            try GroupCourse.find(of: Group.find(group.id, in: db), for: db.me, in: db)
        }
        return try #require(found)
    }

    /// Starts and closes a meeting, with those who came.
    private func hold(_ meeting: Meeting.ID, _ village: Village, came: [Village.Neighbor]) async throws {
        try await village.write(as: village.ben) { try RunningMeeting.find(meeting, in: $0).start(in: $0) }
        try await village.write(as: village.ben) { db in
            let running = try RunningMeeting.find(meeting, in: db)
            let there = Set(came.map(\.id))
            let members = running.guests.filter { there.contains($0.person) }.map(\.member)
            try running.close(RunningMeeting.Closing(came: Set(members), minutes: 60), in: db)
        }
    }

    /// Gives a group another course, or none.
    private func give(_ course: Course.ID?, to group: Group, _ village: Village) async throws {
        try await village.write(as: village.ana) { db in
            let group = try Group.find(group.id, in: db)
            var plan = group.plan
            plan.course = course
            try group.change(to: plan, in: db)
        }
    }

    private func completions(_ village: Village) async throws -> [Person.ID] {
        try await village.platform.store.read {
            try $0.values("SELECT subject_id FROM event WHERE kind = 'course.completed' ORDER BY 1", as: Person.ID.self)
        }
    }

    @Test(
        "What is called off or did not take place is no session, and what is moved comes at its new turn",
        arguments: TestEngine.available)
    func order(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, group) = try await course(village)
            let cleo = village.cleo
            try await village.takesPart(cleo)
            try await village.join(group, as: cleo, called: "Robin")
            var planned: [Meeting.ID] = []
            for hours in [1, 25, 49, 73, 97] { planned.append(try await village.meeting(of: group, in: hours)) }
            let meetings = planned
            func places() async throws -> [Int?] {
                let course = try await progress(group, village, as: cleo)
                return meetings.map { course.step(of: $0)?.place }
            }
            #expect(try await places() == [1, 2, 3, nil, nil])
            try await hold(meetings[0], village, came: [cleo])
            try await village.write(as: village.ana) { try Meeting.find(meetings[1], in: $0).cancel(in: $0) }
            #expect(try await places() == [1, nil, 2, 3, nil])
            // The third goes behind the fourth.
            try await village.write(as: village.ana) { db in
                let meeting = try Meeting.find(meetings[2], in: db)
                let change = Meeting.Change(startsAt: meeting.startsAt.adding(hours: 36), minutes: 60)
                try meeting.move(to: change, in: db)
            }
            #expect(try await places() == [1, nil, 3, 2, nil])
            // Nobody comes: it did not take place.
            village.clock.advance(hours: 72)
            try await hold(meetings[3], village, came: [])
            #expect(try await places() == [1, nil, 2, nil, 3])
            let course = try await progress(group, village, as: cleo)
            #expect(
                course.standing.attended == 1 && course.next?.title == "Two"
                    && course.steps.map(\.isHeld) == [true, false, false])
            #expect(course.steps.map(course.isOpen) == [true, true, false])
        }
    }

    @Test("It is completed at exactly the number it takes, and written down once", arguments: TestEngine.available)
    func completion(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (_, group) = try await course(village)
            let (nia, noor) = (try await village.participant("Nia North"), try await village.participant("Noor Night"))
            try await village.join(group, as: nia, called: "Star")
            try await village.join(group, as: noor, called: "Moon")
            var counts: [Int] = []
            for came in [[nia, noor], [nia], [nia, noor], [nia, noor]] {
                try await hold(try await village.meeting(of: group, in: 1), village, came: came)
                counts.append(try await completions(village).count)
                village.clock.advance(hours: 24)
            }
            #expect(counts == [0, 1, 2, 2])
            #expect(try await completions(village) == [nia.id, noor.id].sorted())
            let course = try await progress(group, village, as: noor)
            #expect(course.standing.attended == 2 && course.completedAt != nil && course.next == nil)
            let hers = try await progress(group, village, as: nia)
            #expect(hers.standing.attended == 3, "a fourth meeting is no session")
            // It stands in the copy.
            let words = village.platform.words(in: "en")
            let text = try await village.read(as: noor) { try PersonCopy(of: $0.me, in: $0) }.text(words)
            #expect(text.contains("Looking after yourself") && text.contains("You came to 2 sessions."))
            let other = try await village.read(as: nia) { try PersonCopy(of: $0.me, in: $0) }.text(words)
            #expect(other.contains("You have completed this course. You came to 3 sessions."))
            // The group goes on without it: what somebody completed stays theirs to know.
            try await give(nil, to: group, village)
            let later = try await village.read(as: noor) { try PersonCopy(of: $0.me, in: $0) }.text(words)
            #expect(later.contains("You have completed this course. You came to 2 sessions."))
        }
    }

    @Test("Meetings from before the group had the course count as no session", arguments: TestEngine.available)
    func since(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let group = try await village.group()
            let nia = try await village.participant("Nia North")
            try await village.join(group, as: nia, called: "Star")
            try await hold(try await village.meeting(of: group, in: 1), village, came: [nia])
            village.clock.advance(hours: 24)
            let id = try await village.course(["One", "Two"])
            try await give(id, to: group, village)
            let course = try await progress(group, village, as: nia)
            #expect(course.standing.attended == 0 && course.next?.place == 1)
        }
    }

    @Test("While a group goes through it, its order stays; its words can change", arguments: TestEngine.available)
    func inUse(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let id = try await village.course(["One", "Two", "Three"], needed: 2)
            func titles() async throws -> [String] {
                try await village.read(as: village.ana) {
                    try Course.find(id, in: $0).sessions(in: $0).map(\.content.title)
                }
            }
            func act(_ work: @escaping @Sendable (Course, [Course.Session], Writing) throws -> Void) async throws {
                try await village.write(as: village.ana) { db in
                    let course = try Course.find(id, in: db)
                    try work(course, course.sessions(in: db), db)
                }
            }
            try await act { try $0.move($1[2], to: 1, in: $2) }
            #expect(try await titles() == ["Three", "One", "Two"])
            try await act { try $0.move($1[0], to: 2, in: $2) }
            #expect(try await titles() == ["One", "Three", "Two"])
            try await act { try $0.remove($1[0], in: $2) }
            #expect(try await titles() == ["Three", "Two"])
            let places = try await village.read(as: village.ana) {
                try Course.find(id, in: $0).sessions(in: $0).map(\.place)
            }
            #expect(places == [1, 2])

            _ = try await village.group { $0.course = id }
            let refused = Problem.conflict("course.in-use")
            await #expect(throws: refused) { try await act { try $0.move($1[1], to: 1, in: $2) } }
            await #expect(throws: refused) { try await act { try $0.remove($1[0], in: $2) } }
            await #expect(throws: refused) {
                try await act { try $0.add(Course.Session.Content(title: "Four", text: "More"), in: $2) }
            }
            await #expect(throws: refused) {
                try await act { try $0.change(to: Course.Plan(title: $0.plan.title, needed: 1), in: $2) }
            }
            try await act { try $0.change($1[0], to: Course.Session.Content(title: "Third", text: "New"), in: $2) }
            #expect(try await titles() == ["Third", "Two"])
        }
    }

    @Test("A group cannot be given a course that nobody could complete, or one of another program")
    func unfit() async throws {
        try await withVillage(.sqlite) { village in
            let short = try await village.course(["One"], needed: 2)
            await #expect(throws: Problem.invalid("course", "course-too-short")) {
                _ = try await village.group { $0.course = short }
            }
            await #expect(throws: Problem.invalid("course", "not-a-choice")) {
                _ = try await village.group { $0.course = Course.ID("0195cf1e-0000-7000-8000-0000000000ff") }
            }
        }
    }

    @Test("Members read what was held and what is next; nobody outside finds anything", arguments: TestEngine.available)
    func reading(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (id, group) = try await course(village)
            try await village.takesPart(village.cleo)
            try await village.join(group, as: village.cleo, called: "Robin")
            let meeting = try await village.meeting(of: group, in: 1)
            let later = try await village.meeting(of: group, in: 25)
            try await village.browsing { browser async throws -> Void in
                let page = try await browser(village.cleo).get("/groups/\(group.id)/course").text
                #expect(page.contains("about <strong>One</strong>") && page.contains("3. Three"))
                #expect(!page.contains("<strong>Two</strong>") && !page.contains("Who came to which session"))
                let own = try await browser(village.cleo).get("/groups/\(group.id)").text
                #expect(own.contains("Session 1 of 3: One"))
                #expect(
                    try await browser(village.cleo).get("/meetings/\(meeting)").text.contains("<strong>One</strong>"))
                #expect(
                    try await !browser(village.cleo).get("/meetings/\(later)").text.contains("<strong>Two</strong>"))
                let led = try await browser(village.ben).get("/groups/\(group.id)/course").text
                #expect(led.contains("<strong>Three</strong>") && led.contains("Robin"))
                #expect(!led.contains(village.cleo.name))
                #expect(
                    try await browser(village.ben).get("/meetings/\(meeting)/running").text.contains(
                        "<strong>One</strong>"))
                for stranger in [village.cyrus, village.dana, village.ada, village.hillside.participant] {
                    let answer = try await browser(stranger).get("/groups/\(group.id)/course")
                    #expect(answer.status == .notFound, "\(stranger.name)")
                }
                for stranger in [village.cleo, village.ben, village.hillside.coordinator] {
                    let answer = try await browser(stranger).get("/courses/\(id)")
                    #expect([.notFound, .forbidden].contains(answer.status), "\(stranger.name)")
                    #expect(!answer.text.contains("Looking after yourself"))
                }
            }
        }
    }
}
