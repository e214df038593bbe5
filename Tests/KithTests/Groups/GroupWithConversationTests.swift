import KithTestSupport
import Storage
import Testing

@testable import Kith

/// A group that goes on, with its conversation: Ben and Bao facilitate it.
struct TalkingGroup: Sendable {
    let village: Village
    let group: Group
    let conversation: Conversation.ID

    init(in village: Village, change: (inout Group.Plan) -> Void = { _ in }) async throws {
        self.village = village
        group = try await village.group(change: change)
        conversation = try #require(group.conversation)
    }

    func joining(_ name: String, called nickname: String) async throws -> Village.Neighbor {
        let neighbor = try await village.participant(name)
        try await village.join(group, as: neighbor, called: nickname)
        return neighbor
    }

    @discardableResult
    func send(_ text: String, as neighbor: Village.Neighbor) async throws -> SentMessage {
        try await village.send(text, in: conversation, as: neighbor)
    }

    func bodies(as neighbor: Village.Neighbor) async throws -> [String?] {
        try await village.bodies(conversation, as: neighbor)
    }

    func find(as neighbor: Village.Neighbor) async throws -> Conversation {
        try await village.read(as: neighbor) { [conversation] in try Conversation.find(conversation, in: $0) }
    }

    func leave(_ neighbor: Village.Neighbor) async throws {
        try await village.write(as: neighbor) { [id = group.id] db in
            guard let mine = try GroupMember.mine(in: id, db: db) else { throw Problem.notFound }
            try mine.leave(in: db)
        }
    }

    func remove(_ neighbor: Village.Neighbor) async throws {
        try await village.write(as: village.ana) { [id = group.id] db in
            let all = try GroupMember.all(of: Group.find(id, in: db), in: db)
            guard let member = all.first(where: { $0.person == neighbor.id }) else { throw Problem.notFound }
            try member.refuse(in: db)
        }
    }

    func end() async throws {
        try await village.write(as: village.ana) { [id = group.id] in try Group.find(id, in: $0).end(in: $0) }
    }
}

@Suite("A group has its conversation")
struct GroupWithConversationTests {
    @Test("Its members and facilitators write to each other, under nicknames", arguments: TestEngine.available)
    func members(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let noor = try await talk.joining("Noor Nasr", called: "Robin")
            try await talk.send("Welcome", as: village.ben)
            try await talk.send("Good evening", as: nia)
            try await talk.send("Hello", as: noor)
            #expect(try await talk.bodies(as: nia) == ["Welcome", "Good evening", "Hello"])
            let read = try await village.read(as: noor) { [id = talk.conversation] in
                try Conversation.find(id, in: $0).messages(before: nil, limit: 9, in: $0)
            }
            #expect(read.map(\.name) == ["Ben Boateng", "Heron", "Robin"])
            #expect(read.map(\.role) == [.facilitator, .participant, .participant])
            let found = try await talk.find(as: nia)
            #expect(found.group == .init(title: "Tuesday evenings", agreements: "What is said here stays here."))
            try await village.browsing { browser in
                let page = try await browser(noor).get("/conversations/\(talk.conversation)").text
                #expect(page.contains("Heron") && !page.contains("Nia"))
                for insider in [nia, village.ben] {
                    let page = try await browser(insider).get("/groups/\(talk.group.id)").text
                    #expect(page.contains("/conversations/\(talk.conversation)"), "\(insider.name)")
                }
                for outsider in [village.ana, village.sam] {
                    let page = try await browser(outsider).get("/groups/\(talk.group.id)").text
                    #expect(!page.contains("/conversations/\(talk.conversation)"), "\(outsider.name)")
                }
            }
            for outsider in [village.ana, village.sam, village.ada, village.cleo, village.hillside.participant] {
                await #expect(throws: Problem.notFound, "\(outsider.name)") { try await talk.find(as: outsider) }
            }
        }
    }

    @Test("Whoever leaves or is taken out gets nothing more, within a second", arguments: TestEngine.available)
    func streams(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let noor = try await talk.joining("Noor Nasr", called: "Robin")
            let mona = try await talk.joining("Mona May", called: "Wren")
            let events = "/conversations/\(talk.conversation)/events?after=0"
            try await village.serving { port in
                var others = try await EventReader(events, on: port, as: mona)
                for (goer, goes) in [(nia, talk.leave), (noor, talk.remove)] {
                    var theirs = try await EventReader(events, on: port, as: goer)
                    try await talk.send("Before \(goer.name)", as: village.ben)
                    #expect(await theirs.first("message") { $0.text("body") == "Before \(goer.name)" } != nil)
                    try await goes(goer)
                    let gone = ContinuousClock.now
                    try await talk.send("Without \(goer.name)", as: village.ben)
                    #expect(await theirs.next(1).isEmpty)
                    #expect(ContinuousClock.now - gone < .seconds(1))
                    #expect(await others.first("message") { $0.text("body") == "Without \(goer.name)" } != nil)
                    let again = try await EventReader(events, on: port, as: goer)
                    #expect(again.status == 404)
                    await #expect(throws: Problem.notFound) { try await talk.bodies(as: goer) }
                    let lines = try await village.read(as: goer) { try Conversation.lines(limit: 5, in: $0) }
                    #expect(lines.isEmpty)
                }
                others.close()
            }
        }
    }

    @Test("What the group is called and agrees to stands above it, and is cut where it is long")
    func heading() async throws {
        try await withVillage(.sqlite) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let long = String(repeating: "We listen. ", count: 40).trimmed
            let (id, type) = (talk.group.id, talk.group.type)
            try await village.write(as: village.ana) { db in
                let group = try Group.find(id, in: db)
                var plan = group.plan
                plan.name = "Late evenings"
                try group.change(to: plan, in: db)
                let kind = try GroupType.find(type, in: db)
                try kind.change(to: kind.plan, agreements: long, in: db)
            }
            let heading = try #require(try await talk.find(as: nia).group)
            #expect(heading.title == "Late evenings")
            #expect(heading.agreements == long.prefix(299) + "…")
        }
    }

    @Test("Pictures are taken from when the kind of group says so, until it says no more")
    func pictures() async throws {
        try await withVillage(.sqlite) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let type = talk.group.type
            try #require(try await talk.find(as: nia).takesAttachments == false, "nobody has said so yet")
            for isTaken in [true, false] {
                try await village.write(as: village.ana) { db in
                    let kind = try GroupType.find(type, in: db)
                    var plan = kind.plan
                    plan.takesAttachments = isTaken
                    try kind.change(to: plan, agreements: kind.agreements.text, in: db)
                }
                #expect(try await talk.find(as: nia).takesAttachments == isTaken)
                #expect(
                    try await village.read(as: village.ana) { try GroupType.find(type, in: $0).agreements.version } == 1
                )
            }
        }
    }

    @Test("A nickname is shown as it is now, and is no facilitator's name", arguments: TestEngine.available)
    func nicknames(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let id = talk.group.id
            @Sendable func call(_ name: String) async throws {
                try await village.write(as: nia) { db in
                    try #require(try GroupMember.mine(in: id, db: db)).change(nickname: name, reminder: nil, in: db)
                }
            }
            try await call("Wren")
            #expect(try await talk.find(as: nia).me.name == "Wren")
            await #expect(throws: Problem.invalid("nickname", "used")) { try await call("ben  BOATENG") }
            let noor = try await village.participant("Noor Nasr")
            await #expect(throws: Problem.invalid("nickname", "used")) {
                try await village.join(talk.group, as: noor, called: village.bao.name)
            }
            // Nor does somebody come to facilitate by whose name a member goes.
            let wren = try await village.newcomer("Wren", .supporter)
            await #expect(throws: Problem.invalid("person", "name-in-group")) {
                try await village.write(as: village.ana) {
                    try Group.find(id, in: $0).add(facilitator: wren.id, isTrained: true, in: $0)
                }
            }
        }
    }

    @Test("It closes with the group: who was in it reads on and nobody writes", arguments: TestEngine.available)
    func ended(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let noor = try await talk.joining("Noor Nasr", called: "Robin")
            try await talk.send("Good bye", as: nia)
            try await talk.remove(noor)
            try await talk.end()
            #expect(try await talk.bodies(as: nia) == ["Good bye"])
            #expect(try await talk.find(as: village.ben).isClosed)
            await #expect(throws: Problem.conflict("conversation.closed")) { try await talk.send("Late", as: nia) }
            await #expect(throws: Problem.notFound) { try await talk.bodies(as: noor) }
            await #expect(throws: Problem.notFound) {
                try await village.read(as: nia) { _ = try Group.find(talk.group.id, in: $0) }
            }
            #expect(try await village.orphans(of: Group.feature) == [:])
        }
    }

    @Test("Nobody is in it before a group begins, nor while they wait, nor as cover", arguments: TestEngine.available)
    func notYet(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village) {
                ($0.admission, $0.membershipRule) = (.closed, "For people who lost somebody.")
            }
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            await #expect(throws: Problem.notFound) { try await talk.find(as: nia) }
            let cover = try await village.newcomer("Cora Cole", .supporter)
            let id = talk.group.id
            try await village.write(as: village.ana) { db in
                let group = try Group.find(id, in: db)
                try group.add(facilitator: cover.id, isCover: true, isTrained: true, in: db)
                try #require(try GroupMember.all(of: group, in: db).first).admit(in: db)
            }
            await #expect(throws: Problem.notFound) { try await talk.find(as: cover) }
            #expect(try await talk.find(as: nia).me.name == "Heron")
            let type = try await village.groupType { $0.name = "Another kind" }
            let planned = try await village.write(as: village.ana) { db in
                let plan = talk.group.plan
                var other = plan
                other.name = "Not yet"
                return try Group.find(Group.make(other, of: type, in: db), in: db)
            }
            #expect(planned.conversation == nil)
            #expect(try await village.orphans(of: Group.feature) == [:])
        }
    }

    @Test("What is held, and who has to go slowly, holds in a real group too", arguments: TestEngine.available)
    func moderated(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            try await village.publishRules(firstHeld: 1, accepting: [nia, village.ben])
            #expect(try await talk.send("My first", as: nia).sequence == nil)
            #expect(try await talk.bodies(as: village.bao) == [])
            try await village.settle(village.item(.held), .init(.released), as: village.ana)
            #expect(try await talk.bodies(as: village.bao) == ["My first"])
            #expect(try await talk.send("Write to nia@example.org", as: nia).sequence == nil)
            try await village.settle(village.item(.held), .init(.keptBack, rule: 2), as: village.ana)
            #expect(try await talk.bodies(as: village.bao) == ["My first"])
            let reported = try await village.report(1, in: talk.conversation, as: village.ben)
            try await village.settle(reported, .init(.slowMode, rule: 1, days: 3), as: village.ana)
            village.clock.advance(minutes: 6)
            try await talk.send("Once", as: nia)
            await #expect(throws: Problem.conflict("moderation.slow-mode")) { try await talk.send("Twice", as: nia) }
            village.clock.advance(minutes: 6)
            try await talk.send("Twice", as: nia)
            #expect(try await talk.bodies(as: village.bao) == ["My first", "Once", "Twice"])
        }
    }

    @Test("Whom a coordinator took out asks before they are in again", arguments: TestEngine.available)
    func again(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            try await talk.leave(nia)
            try await village.join(talk.group, as: nia, called: "Heron")
            #expect(try await talk.find(as: nia).isMember, "whoever left by themselves comes back")
            // What counts is what ended last.
            village.clock.advance(minutes: 1)
            try await talk.remove(nia)
            for _ in 1...2 {
                try await village.join(talk.group, as: nia, called: "Heron")
                await #expect(throws: Problem.notFound) { try await talk.find(as: nia) }
                try await talk.leave(nia)
            }
            try await village.browsing { browser async throws -> Void in
                let path = "/groups/joining/\(talk.group.code)"
                #expect(try await browser(nia).get(path).text.contains("Ask for a place"))
                let form = ["nickname": "Heron", "version": "1", "agreements": "yes"]
                #expect(try await browser(nia).post(path, form).location == "/groups")
            }
            let id = talk.group.id
            try await village.write(as: village.ana) { db in
                let group = try Group.find(id, in: db)
                try #require(try GroupMember.all(of: group, in: db).first { $0.person == nia.id }).admit(in: db)
            }
            #expect(try await talk.find(as: nia).isMember)
        }
    }
}
