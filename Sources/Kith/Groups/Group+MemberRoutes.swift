import Hummingbird
import Web

extension Group {
    static let memberRoutes: [Route] = [
        .get("/groups/joining/{code}", .signedIn) { visit in
            let code = try visit.parameter("code")
            return try await visit.show { try GroupFormScreen(joining: find(code: code, in: $0), in: $0) }
        },
        .post("/groups/joining/{code}", .signedIn) { visit in
            let (code, form) = (try visit.parameter("code"), try await visit.form())
            return try await visit.submit { () -> SitePath in
                let application = try form.read { fields in
                    let nickname = fields.text("nickname", required: true, max: GroupMember.longestNickname)
                    let words = fields.text("words", max: GroupMember.longestWords, multiline: true)
                    if !fields.flag("agreements") { fields.fail("agreements", "agreements-needed") }
                    return GroupMember.Application(
                        nickname: nickname, agreements: Int(form["version"] ?? "") ?? 0, words: words.ifNotEmpty)
                }
                return try await visit.write { db in
                    let group = try find(code: code, in: db)
                    _ = try GroupMember.join(group, application, in: db)
                    let isIn = try GroupMember.mine(in: group.id, db: db)?.isIn == true
                    return isIn ? "/groups/\(group.id)" : "/groups"
                }
            } next: {
                $0
            } again: {
                try GroupFormScreen(joining: find(code: code, in: $1), form, $0, in: $1)
            }
        }.taking("agreements", "nickname", "version", "words"),
        .get("/groups/{id}/agreements", .signedIn) { visit in
            let id = try visit.id(of: Group.self)
            return try await visit.show { db in
                let (member, group) = try own(id, in: db)
                return try GroupFormScreen(agreements: member, of: group, in: db)
            }
        },
        .post("/groups/{id}/agreements", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            return try await visit.submit {
                try form.read { if !$0.flag("agreements") { $0.fail("agreements", "agreements-needed") } }
                try await visit.write { try own(id, in: $0).member.accept(Int(form["version"] ?? "") ?? 0, in: $0) }
            } next: {
                "/groups/\(id)"
            } again: {
                let (member, group) = try own(id, in: $1)
                return try GroupFormScreen(agreements: member, of: group, form, $0, in: $1)
            }
        }.taking("agreements", "version"),
        .get("/groups/{id}/membership", .signedIn) { visit in
            let id = try visit.id(of: Group.self)
            return try await visit.show { db in
                let (member, group) = try own(id, in: db)
                return GroupFormScreen(membership: member, of: group)
            }
        },
        .post("/groups/{id}/membership", .signedIn) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            return try await visit.submit {
                let (nickname, reminder) = try form.read {
                    (
                        $0.text("nickname", required: true, max: GroupMember.longestNickname),
                        $0.integer("reminder", in: 0...GroupMember.reminders.reduce(0, max))
                    )
                }
                try await visit.write {
                    try own(id, in: $0).member.change(
                        nickname: nickname, reminder: reminder == 0 ? nil : reminder, in: $0)
                }
            } next: {
                "/groups/\(id)"
            } again: {
                let (member, group) = try own(id, in: $1)
                return GroupFormScreen(membership: member, of: group, form, $0)
            }
        }.taking("nickname", "reminder"),
        .post("/groups/{id}/leaving", .signedIn) { visit in
            let id = try visit.id(of: Group.self)
            _ = try await visit.form()
            try await visit.write { db in
                guard let mine = try GroupMember.mine(in: id, db: db) else { throw Problem.notFound }
                try mine.leave(in: db)
            }
            return .seeOther("/groups")
        }.taking(),
        .post("/groups/{id}/admission", .role(.coordinator)) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            try await visit.write { try member(form, of: id, in: $0).admit(in: $0) }
            return .seeOther("/groups/\(id)")
        }.taking("member"),
        .post("/groups/{id}/refusal", .role(.coordinator)) { visit in
            let (id, form) = (try visit.id(of: Group.self), try await visit.form())
            try await visit.write { try member(form, of: id, in: $0).refuse(in: $0) }
            return .seeOther("/groups/\(id)")
        }.taking("member")
    ]

    /// The group as the person asking takes part in it.
    private static func own(_ id: ID, in db: Reading) throws -> (member: GroupMember, group: Group) {
        let group = try find(id, as: [.member], in: db)
        guard let member = try GroupMember.mine(in: id, db: db) else { throw Problem.notFound }
        return (member, group)
    }

    private static func member(_ form: Form, of id: ID, in db: Reading) throws -> GroupMember {
        let group = try find(id, as: [.coordinator], in: db)
        guard let member = GroupMember.ID(untrusted: form["member"] ?? "") else { throw Problem.notFound }
        return try GroupMember.find(member, of: group, in: db)
    }
}
