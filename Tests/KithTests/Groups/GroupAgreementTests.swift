import KithTestSupport
import Storage
import Testing

@testable import Kith

@Suite("Who is in a group is in its conversation, whatever happens")
struct GroupAgreementTests {
    /// Everything that changes who is in a group, at random. What is refused changes nothing.
    private struct Game {
        let talk: TalkingGroup
        let members: [Village.Neighbor]
        let leaders: [Village.Neighbor]
        var random: SeededGenerator
        var played = 0

        mutating func play() async throws {
            let (village, id) = (talk.village, talk.group.id)
            let member = members[Int(random.next() % UInt64(members.count))]
            let leader = leaders[Int(random.next() % UInt64(leaders.count))]
            let nickname = ["Heron", "Wren", "Robin", "Ben Boateng", "heron "][Int(random.next() % 5)]
            let isCover = random.next() % 3 == 0
            do {
                switch random.next() % 8 {
                case 0, 1, 2: try await village.join(talk.group, as: member, called: nickname)
                case 3: try await talk.leave(member)
                case 4:
                    try await village.write(as: village.ana) { db in
                        let group = try Group.find(id, in: db)
                        guard
                            let found = try GroupMember.all(of: group, in: db).first(where: { $0.person == member.id })
                        else { throw Problem.notFound }
                        if found.isIn { try found.refuse(in: db) } else { try found.admit(in: db) }
                    }
                case 5:
                    try await village.write(as: member) { db in
                        guard let mine = try GroupMember.mine(in: id, db: db) else { throw Problem.notFound }
                        try mine.change(nickname: nickname, reminder: nil, in: db)
                    }
                case 6:
                    try await village.write(as: village.ana) {
                        try Group.find(id, in: $0).add(
                            facilitator: leader.id, isCover: isCover, isTrained: true, in: $0)
                    }
                default:
                    try await village.write(as: village.ana) {
                        try Group.find(id, in: $0).end(facilitator: leader.id, in: $0)
                    }
                }
                played += 1
            } catch is Problem {
                // Refused: they are in already, have no part to leave, or somebody else goes by that name.
            }
        }

        /// Who is in the group, told from the group alone.
        func wanted() async throws -> Set<String> {
            try await talk.village.read(as: talk.village.ana) { [id = talk.group.id] db in
                let group = try Group.find(id, in: db)
                let leading = try group.facilitators(in: db).filter { !$0.isCover }.map(\.person)
                let members = try GroupMember.all(of: group, in: db).filter { $0.isIn && !leading.contains($0.person) }
                return Set(
                    leading.map { "\($0) facilitator" }
                        + members.map { "\($0.person) participant \($0.nickname ?? "")" })
            }
        }

        /// Who is in the conversation, told from that alone.
        func known() async throws -> Set<String> {
            try await talk.village.platform.store.read { [id = talk.conversation] db in
                Set(
                    try db.values(
                        """
                        SELECT person_id || ' ' || role || coalesce(' ' || nickname, '') FROM conversation_member
                        WHERE conversation_id = \(id) AND left_at IS NULL
                        """, as: String.self))
            }
        }
    }

    @Test("Whatever sequence of things happens", arguments: TestEngine.available, [UInt64(1), 2, 3])
    func agreement(engine: TestEngine, seed: UInt64) async throws {
        try await withVillage(engine, seed: seed) { village in
            let talk = try await TalkingGroup(in: village)
            var members: [Village.Neighbor] = []
            for name in ["Nia Nash", "Noor Nasr", "Mona May"] { members.append(try await village.participant(name)) }
            // Somebody who supports others and takes part as well.
            let both = try await village.participant("Wynn Both")
            try await village.give(.supporter, to: both)
            var game = Game(
                talk: talk, members: members + [both], leaders: [village.ben, village.bao, both],
                random: SeededGenerator(seed: seed))
            for turn in 1...60 {
                try await game.play()
                #expect(try await game.wanted() == game.known(), "turn \(turn)")
            }
            #expect(game.played > 15, "things happen")
            #expect(try await village.orphans(of: Group.feature) == [:])
        }
    }

    @Test("The check sees each way in which the two can differ", arguments: TestEngine.available)
    func planted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let talk = try await TalkingGroup(in: village)
            let nia = try await talk.joining("Nia Nash", called: "Heron")
            let (house, id) = (village.riverside.organization, talk.conversation)
            @Sendable func findings(_ plants: SQL...) async throws -> Int {
                for plant in plants { try await village.platform.store.write { _ = try $0.run(plant) } }
                return try await village.orphans(of: Group.feature).count
            }
            #expect(try await findings() == 0)
            #expect(
                try await findings(
                    """
                    UPDATE conversation_member SET left_at = joined_at, left_sequence = 1
                    WHERE organization_id = \(house) AND conversation_id = \(id) AND person_id = \(nia.id)
                    """) == 1)
            #expect(
                try await findings(
                    """
                    UPDATE conversation_member SET left_at = NULL, left_sequence = NULL, nickname = 'Wren'
                    WHERE organization_id = \(house) AND conversation_id = \(id) AND person_id = \(nia.id)
                    """) == 1)
            #expect(
                try await findings(
                    """
                    UPDATE conversation_member SET nickname = 'Heron', role = 'facilitator'
                    WHERE organization_id = \(house) AND conversation_id = \(id) AND person_id = \(nia.id)
                    """) == 1)
            #expect(
                try await findings(
                    """
                    UPDATE conversation_member SET role = 'participant'
                    WHERE organization_id = \(house) AND conversation_id = \(id) AND person_id = \(nia.id)
                    """) == 0)
            #expect(
                try await findings(
                    """
                    UPDATE group_facilitator SET is_cover = TRUE
                    WHERE organization_id = \(house) AND person_id = \(village.ben.id)
                    """) == 1)
            #expect(
                try await findings(
                    """
                    UPDATE group_facilitator SET is_cover = FALSE
                    WHERE organization_id = \(house) AND person_id = \(village.ben.id)
                    """, "UPDATE conversation SET closed_at = created_at WHERE id = \(id)") == 1)
        }
    }

    @Test("A group from before has its conversation, with who is in it", arguments: TestEngine.available)
    func migrated(engine: TestEngine) async throws {
        var before = Features.all.prefix { $0.name != "VideoRooms" }.map { $0 }
        let last = before.count - 1
        before[last].migrations.removeAll { $0.id == "2026-11-28-group-conversations" }
        try await withVillage(engine, features: before) { village in
            let (house, ben, bao, cleo) = (village.riverside, village.ben.id, village.bao.id, village.cleo.id)
            try await village.takesPart(village.cleo)
            let type = try await village.groupType()
            let group = Group.ID("0195cf1e-0000-7000-8000-00000000c0de")
            try await village.write(asSystemOf: house) { db in
                let (organization, now) = (house.organization, db.now)
                for (id, state) in [(group, "active"), (Group.ID("0195cf1e-0000-7000-8000-00000000c0df"), "planned")] {
                    try db.run(
                        """
                        INSERT INTO support_group (organization_id, id, program_id, type_id, name, language, setting, place,
                            admission, time_zone, state, code, created_at, created_by)
                        VALUES (\(organization), \(id), \(house.program), \(type.id), 'Evenings', 'en', 'in-person',
                            'Room 2', 'open', 'UTC', \(state), \(id.text), \(now), 'person:a')
                        """)
                }
                for (person, isCover) in [(ben, false), (bao, true)] {
                    try db.run(
                        """
                        INSERT INTO group_facilitator (organization_id, id, group_id, person_id, is_cover, since, added_by)
                        VALUES (\(organization), \(db.newID() as Group.ID), \(group), \(person), \(isCover), \(now), 'a')
                        """)
                }
                try db.run(
                    """
                    INSERT INTO group_member (organization_id, id, group_id, person_id, nickname, nickname_key, agreements,
                        agreed_at, asked_at, joined_at, admitted_by)
                    VALUES (\(organization), \(db.newID() as Group.ID), \(group), \(cleo), 'Heron', 'heron', 1, \(now),
                        \(now), \(now), 'a')
                    """)
                db.record(Event(.groupMade, of: group.text))
            }
            _ = try await village.platform.store.migrate(Features.all.flatMap(\.migrations), at: "\(village.clock.now)")
            let id = try #require(
                try await village.read(as: village.cleo) { try Group.find(group, in: $0).conversation })
            for (neighbor, name) in [(village.ben, "Ben Boateng"), (village.cleo, "Heron")] {
                let found = try await village.read(as: neighbor) { try Conversation.find(id, in: $0) }
                #expect(found.me.name == name)
                #expect(found.group == .init(title: "Evenings", agreements: "What is said here stays here."))
            }
            await #expect(throws: Problem.notFound) {
                try await village.read(as: village.bao) { _ = try Conversation.find(id, in: $0) }
            }
            try await village.send("Good evening", in: id, as: village.cleo)
            #expect(try await village.bodies(id, as: village.ben) == ["Good evening"])
            #expect(try await village.orphans(of: Group.feature) == [:])
        }
    }
}
