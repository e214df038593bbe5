import Storage
import Web

/// The courses of the programs that a coordinator looks after.
struct CoursesScreen: Screen {
    static let template = "courses/list"

    let courses: [Course]
    let programs: [Program]

    init(in db: Reading) throws {
        let coordinated = db.coordinated
        courses = try Course.all(in: db)
        programs = try Program.all(of: db.organization, in: db).filter { coordinated.contains($0.id) }
    }

    func title(_ words: Words) -> String { words("courses.title") }

    func shown(_ words: Words) -> Value {
        let names = Dictionary(programs.map { ($0.id, $0.name) }) { $1 }
        let isOne = programs.count == 1
        return [
            "hasCourses": .flag(!courses.isEmpty),
            "courses": .list(
                courses.map {
                    [
                        "path": .text("/courses/\($0.id)"), "name": .text($0.plan.title),
                        "sessions": .text(words("courses.sessions", count: $0.sessions)),
                        "program": isOne ? .nothing : Value(names[$0.program]), "isInUse": .flag($0.isInUse)
                    ]
                }),
            "new": .list(
                programs.map {
                    [
                        "path": .text("/courses/new?program=\($0.id)"),
                        "text": .text(
                            isOne ? words("course.new.title") : words("courses.new-in", ["program": $0.name]))
                    ]
                })
        ]
    }
}

/// One course with its sessions as people will read them, for who writes it.
struct CourseScreen: Screen {
    static let template = "courses/show"

    let course: Course
    let sessions: [Course.Session]

    init(_ id: Course.ID, in db: Reading) throws {
        course = try Course.find(id, in: db)
        sessions = try course.sessions(in: db)
    }

    func title(_ words: Words) -> String { words("course.title") }

    func shown(_ words: Words) -> Value {
        [
            "name": .text(course.plan.title), "path": .text("/courses/\(course.id)"),
            "needed": .text(words("course.needed-said", count: course.plan.needed)),
            "languageName": .text(words.language(course.plan.language)), "isInUse": .flag(course.isInUse),
            "hasSteps": .flag(!sessions.isEmpty), "steps": .list(sessions.map { shown($0, words) })
        ]
    }

    private func shown(_ session: Course.Session, _ words: Words) -> Value {
        let (place, moves) = (session.place, !course.isInUse)
        return [
            "heading": .text(
                words("course.session-said", ["number": "\(place)", "title": session.content.title])),
            "language": .text(course.plan.language), "html": .html(Markdown(session.content.text).html()),
            "sessionPath": .text("/courses/sessions/\(session.id)"),
            "up": moves && place > 1 ? .text("\(place - 1)") : .nothing,
            "down": moves && place < sessions.count ? .text("\(place + 1)") : .nothing
        ]
    }
}

/// The course of a group: for its members what they have read and read next, and how far they are; for those who
/// facilitate or look after it also who came to what.
struct GroupCourseScreen: Screen {
    static let template = "groups/course"

    let group: Group
    let course: GroupCourse
    let isMember: Bool
    let members: [(nickname: String, came: Set<Int>)]
    private let isStaff: Bool

    init(_ id: Group.ID, in db: Reading) throws {
        group = try Group.find(id, in: db)
        guard let course = try GroupCourse.find(of: group, for: db.actor.person, texts: .all, in: db) else {
            throw Problem.notFound
        }
        self.course = course
        isMember = group.relations.contains(.member)
        isStaff = group.relations != [.member]
        guard isStaff else {
            members = []
            return
        }
        let came = try GroupCourse.attendance(of: group, in: db)
        let joined = try GroupMember.all(of: group, in: db).filter(\.isIn)
        for member in joined { db.disclose(.listed, of: member.person) }
        members = joined.map { ($0.nickname ?? "", came[$0.person] ?? []) }
    }

    func title(_ words: Words) -> String { words("course.title") }

    func shown(_ words: Words) -> Value {
        [
            "group": .text(group.plan.name), "groupPath": .text("/groups/\(group.id)"), "name": .text(course.title),
            "needed": .text(words("course.needed-said", count: course.needed)),
            "standing": isMember && course.standing.held > 0 ? .text(course.standing.said(words)) : .nothing,
            "steps": .list(course.steps.map { shown($0, words) }), "hasMembers": .flag(isStaff && !members.isEmpty),
            "members": .list(
                members.map { member in
                    let places = member.came.sorted().map(String.init)
                    return [
                        "nickname": .text(member.nickname),
                        "sessions": .text(places.isEmpty ? words("course.none-yet") : words.list(places)),
                        "done": .flag(places.count >= course.needed),
                        "count": .text(
                            words("course.part", ["attended": "\(places.count)", "needed": "\(course.needed)"]))
                    ]
                })
        ]
    }

    private func shown(_ step: GroupCourse.Step, _ words: Words) -> Value {
        let reads = isStaff || course.isOpen(step)
        return [
            "heading": .text(words("course.session-said", ["number": "\(step.place)", "title": step.title])),
            "meetingPath": Value(step.meeting.map { "/meetings/\($0)" }),
            "when": Value(step.startsAt.map { words.dayAndTime($0) }),
            "came": .flag(isMember && step.came), "away": .flag(isMember && step.isHeld && !step.came),
            "reads": .flag(reads), "isNext": .flag(step.place == course.next?.place),
            "language": .text(course.language), "html": reads ? step.shownText : .nothing
        ]
    }
}

extension GroupCourse.Standing {
    /// As the person it is about reads it.
    func said(_ words: Words) -> String {
        guard held > 0 || completedAt != nil else { return words("course.needed-said", count: needed) }
        let said = ["attended": "\(attended)", "held": "\(held)", "needed": "\(needed)"]
        return words(completedAt == nil ? "course.standing" : "course.standing.completed", said)
    }
}

extension GroupCourse.Step {
    fileprivate var shownText: Value { text.map { .html(Markdown($0).html()) } ?? .nothing }
}

extension GroupCourse {

    /// “Session 3 of 6: …”
    private func heading(_ step: Step, _ words: Words) -> String {
        words(
            "course.session-of", ["number": "\(step.place)", "count": "\(steps.count)", "title": step.title])
    }

    /// For the page of the group.
    func summary(of group: Group, isMember: Bool, _ words: Words) -> Value {
        [
            "title": .text(words("course.of-group", ["title": title])), "path": .text("/groups/\(group.id)/course"),
            "next": .text(next.map { heading($0, words) } ?? words("course.all-held")),
            "standing": isMember ? .text(standing.said(words)) : .nothing
        ]
    }

    /// The session that a meeting is.
    func shown(of meeting: Meeting.ID, readsAhead: Bool, _ words: Words) -> Value? {
        step(of: meeting).map { step in
            let reads = readsAhead || isOpen(step)
            return [
                "heading": .text(heading(step, words)), "reads": .flag(reads), "language": .text(language),
                "html": reads ? step.shownText : .nothing
            ]
        }
    }
}
