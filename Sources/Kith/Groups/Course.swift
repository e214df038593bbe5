import Storage

/// What a group learns together, session by session: written by coordinators, and led by peers. Each meeting of a group
/// that is held is the next session.
package struct Course: Named {
    package let id: ID
    package let organization: Organization.ID
    package let program: Program.ID
    package let plan: Plan
    /// Whether a group goes through it, or has: then its sessions keep their number and order, so that what people have
    /// attended stays what it was. Their words can change.
    package let isInUse: Bool
    package let sessions: Int

    /// What a coordinator says about it, and can change.
    package struct Plan: Sendable, Equatable {
        package var title: String
        /// Its language, by code.
        package var language: String
        /// To how many sessions somebody comes who completes it.
        package var needed: Int

        package init(title: String, language: String = "en", needed: Int = 1) {
            (self.title, self.language, self.needed) = (title, language, needed)
        }
    }

    /// One part of it, for one meeting.
    package struct Session: Named, Equatable {
        package let id: ID
        package let course: Course.ID
        /// Counts from 1.
        package let place: Int
        package let content: Content

        /// What a coordinator writes.
        package struct Content: Sendable, Equatable {
            package var title: String
            /// ``Markdown``
            package var text: String

            package init(title: String, text: String) { (self.title, self.text) = (title, text) }
        }

        init(row: Row) throws {
            (id, course, place) = (try row["id"], try row["course_id"], try row["place"])
            content = Content(title: try row["title"], text: try row["text"])
        }
    }

    package static let longestTitle = 80
    package static let mostSessions = 52

    init(row: Row) throws {
        (id, organization, program) = (try row["id"], try row["organization_id"], try row["program_id"])
        plan = Plan(title: try row["title"], language: try row["language"], needed: try row["needed"])
        (isInUse, sessions) = (try row["is_in_use"], try row["sessions"])
    }
}

extension Course.Plan {
    var flaws: [String: String] {
        var flaws: [String: String] = [:]
        if title.trimmed.isEmpty { flaws["title"] = "required" }
        if !(1...Course.mostSessions).contains(needed) { flaws["needed"] = "not-a-number" }
        return flaws
    }
}

extension Course.Session.Content {
    var flaws: [String: String] {
        var flaws: [String: String] = [:]
        if title.trimmed.isEmpty { flaws["title"] = "required" }
        if text.trimmed.isEmpty { flaws["text"] = "required" }
        if text.count > Markdown.longest { flaws["text"] = "too-long" }
        return flaws
    }
}

extension EventKind {
    package static let courseMade = EventKind("course.made")
    package static let courseChanged = EventKind("course.changed")
    package static let sessionAdded = EventKind("course.session-added")
    package static let sessionChanged = EventKind("course.session-changed")
    package static let sessionMoved = EventKind("course.session-moved")
    package static let sessionRemoved = EventKind("course.session-removed")
    /// Somebody has come to as many sessions as it takes. About a person, of a group; once for each.
    package static let courseCompleted = EventKind("course.completed")
}
