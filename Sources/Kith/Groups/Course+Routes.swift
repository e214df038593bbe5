import Hummingbird
import Web

extension Course {
    private static let coordinator = Access.role(.coordinator)

    static let routes: [Route] =
        courseRoutes + sessionRoutes + [
            .get("/groups/{id}/course", .signedIn) { visit in
                let id = try visit.id(of: Group.self)
                return try await visit.show { try GroupCourseScreen(id, in: $0) }
            }
        ]

    private static let courseRoutes: [Route] = [
        .get("/courses", coordinator) { visit in try await visit.show { try CoursesScreen(in: $0) } },
        .get("/courses/new", coordinator) { visit in
            let program = try visit.query["program"].map { text in
                guard let id = Program.ID(untrusted: text) else { throw Problem.notFound }
                return id
            }
            return try await visit.show { try GroupFormScreen(course: nil, for: program, in: $0) }
        }.asking("program"),
        .post("/courses", coordinator) { visit in
            let form = try await visit.form()
            let program = Program.ID(untrusted: form["program"] ?? "")
            return try await visit.submit {
                let plan = try form.read { Plan(&$0) }
                guard let program else { throw Problem.notFound }
                return try await visit.write { db in
                    guard db.actor.has(.coordinator, in: program) else { throw Problem.notFound }
                    return try make(plan, for: program, in: db)
                }
            } next: {
                "/courses/\($0)"
            } again: {
                try GroupFormScreen(course: nil, for: program, form, $0, in: $1)
            }
        }.taking("language", "needed", "program", "title"),
        .get("/courses/{id}", coordinator) { visit in
            let id = try visit.id(of: Course.self)
            return try await visit.show { try CourseScreen(id, in: $0) }
        },
        .get("/courses/{id}/plan", coordinator) { visit in
            let id = try visit.id(of: Course.self)
            return try await visit.show { try GroupFormScreen(course: find(id, in: $0), for: nil, in: $0) }
        },
        .post("/courses/{id}/plan", coordinator) { visit in
            let (id, form) = (try visit.id(of: Course.self), try await visit.form())
            return try await visit.submit {
                let plan = try form.read { Plan(&$0) }
                try await visit.write { db in
                    let course = try find(id, in: db)
                    try Edition(course.plan.fields).check(form, saving: plan.fields)
                    try course.change(to: plan, in: db)
                }
            } next: {
                "/courses/\(id)"
            } again: {
                try GroupFormScreen(course: find(id, in: $1), for: nil, form, $0, in: $1)
            }
        }.taking("edition", "language", "needed", "title")
    ]

    private static let sessionRoutes: [Route] = [
        .get("/courses/{id}/sessions", coordinator) { visit in
            let id = try visit.id(of: Course.self)
            return try await visit.show { try GroupFormScreen(session: nil, of: find(id, in: $0)) }
        },
        .post("/courses/{id}/sessions", coordinator) { visit in
            let (id, form) = (try visit.id(of: Course.self), try await visit.form())
            return try await visit.submit {
                let content = try form.read { Session.Content(&$0) }
                _ = try await visit.write { try find(id, in: $0).add(content, in: $0) }
            } next: {
                "/courses/\(id)"
            } again: {
                try GroupFormScreen(session: nil, of: find(id, in: $1), form, $0)
            }
        }.taking("text", "title"),
        .get("/courses/sessions/{id}", coordinator) { visit in
            let id = try visit.id(of: Session.self)
            return try await visit.show { db in
                let (session, course) = try Session.find(id, in: db)
                return GroupFormScreen(session: session, of: course)
            }
        },
        .post("/courses/sessions/{id}", coordinator) { visit in
            let (id, form) = (try visit.id(of: Session.self), try await visit.form())
            return try await visit.submit {
                let content = try form.read { Session.Content(&$0) }
                return try await visit.write { db in
                    let (session, course) = try Session.find(id, in: db)
                    try Edition(session.content.fields).check(form, saving: content.fields)
                    try course.change(session, to: content, in: db)
                    return course.id
                }
            } next: {
                "/courses/\($0)"
            } again: {
                let (session, course) = try Session.find(id, in: $1)
                return GroupFormScreen(session: session, of: course, form, $0)
            }
        }.taking("edition", "text", "title"),
        .post("/courses/sessions/{id}/place", coordinator) { visit in
            let (id, form) = (try visit.id(of: Session.self), try await visit.form())
            guard let place = Int(form["place"] ?? "") else { throw Problem.notFound }
            let course = try await visit.write { db in
                let (session, course) = try Session.find(id, in: db)
                try course.move(session, to: place, in: db)
                return course.id
            }
            return .seeOther("/courses/\(course)")
        }.taking("place"),
        .post("/courses/sessions/{id}/removal", coordinator) { visit in
            let id = try visit.id(of: Session.self)
            _ = try await visit.form()
            let course = try await visit.write { db in
                let (session, course) = try Session.find(id, in: db)
                try course.remove(session, in: db)
                return course.id
            }
            return .seeOther("/courses/\(course)")
        }.taking()
    ]
}
