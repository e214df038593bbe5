import KithTestSupport
import Storage

@testable import Kith

/// A village filled at random with people at every point of their way, with a mark in everything that is kept of them:
/// whoever reads a mark has seen that thing.
struct WallTown {
    /// Somebody who was referred, and what is kept of them.
    struct Subject {
        let neighbor: Village.Neighbor
        let supporter: Village.Neighbor
        var marks: [Item: String] = [:]
        /// Pages that show a thing by answering at all.
        var doors: [Item: [String]] = [:]
        var pages: [String] = []
    }

    let village: Village
    var subjects: [Subject] = []
    var viewers: [Village.Neighbor] = []
    private var random: SeededGenerator

    /// How far somebody has come.
    enum Stage: Int, CaseIterable {
        case received, accepted, agreed, proposed, declined, active, changed, closed
    }

    init(_ village: Village, seed: UInt64) async throws {
        (self.village, random) = (village, SeededGenerator(seed: seed))
        try await village.publishConsentTexts(of: village.riverside)
        for neighbor in [village.ben, village.bao] {
            var profile = Village.anyProfile
            profile.limit = 20
            profile.areas = ["Harbor"]
            profile.introduction = "Story of \(mark("story", neighbor.name))"
            try await village.enroll(neighbor, profile)
        }
        for stage in Stage.allCases {
            let neighbor = try await village.newcomer("Quill \(random.next() % 100_000) \(stage)")
            subjects.append(try await play(neighbor, to: stage))
        }
        try await change()
        let house = village.riverside
        viewers =
            house.everybody + subjects.map(\.neighbor)
            + [village.hillside.coordinator, village.hillside.supervisor, village.hillside.administrator]
    }

    private func mark(_ kind: String, _ name: String) -> String {
        "\(kind)\(name.filter { $0.isLetter || $0.isNumber })"
    }

    private mutating func play(_ neighbor: Village.Neighbor, to stage: Stage) async throws -> Subject {
        let village = village
        let supporter = random.next() % 2 == 0 ? village.ben : village.bao
        var subject = Subject(neighbor: neighbor, supporter: supporter)
        func mark(_ kind: String) -> String { self.mark(kind, neighbor.name) }
        let (program, dana, isSent) = (village.riverside.program, village.dana, random.next() % 3 != 0)
        let (reason, wish, relative) = (mark("reason"), mark("wish"), mark("relative"))
        let channel = ContactChannel(kind: .phone, address: mark("phone"), mayLeaveMessage: false)
        let referral = try await village.write(asSystemOf: village.riverside) { db in
            var draft = ReferralDraft(
                program: program, who: .known(neighbor.id), origin: isSent ? .referrer : .own,
                referrer: isSent ? dana.id : nil, reason: reason)
            draft.wishes.words = wish
            draft.care = .caresFor(PersonDraft(name: relative), as: "parent")
            let house = try db.organization
            let referral = try Referral.open(draft, of: house, in: db)
            var details = try Person.details(of: neighbor.id, in: house, db: db)
            details.channels = [channel]
            try Person.change(neighbor.id, to: details, of: house, in: db)
            return referral
        }
        let id = referral.id
        subject.marks = [
            .identity: neighbor.name, .request: reason, .wishes: wish, .care: relative,
            .contactDetails: channel.address,
            .receipt: referral.reference
        ]
        subject.pages = ["", "/person", "/consent", "/matching", "/match"].map { "/referrals/\(id)\($0)" }
        subject.pages += [
            "/referrals/sent/\(id)", "/wishes/\(id)", "/feedback/\(id)", "/encounters?referral=\(id)",
            "/people/\(neighbor.id)", "/supporters/\(neighbor.id)", "/team/\(neighbor.id)"
        ]
        try await answer(&subject, referral)
        guard stage.rawValue >= Stage.accepted.rawValue else { return subject }
        try await village.write(asSystemOf: village.riverside) {
            try Referral.load(id, of: $0.organization, in: $0).accept(in: $0)
        }
        guard stage.rawValue >= Stage.agreed.rawValue else { return subject }
        try await agree(neighbor, signedAs: mark("signed"), sharing: random.next() % 2 == 0)
        subject.marks[.consent] = mark("signed")
        try await ask(&subject, mark("asked"))
        try await village.tell(.init(.tip, mark("tip")), as: neighbor)
        subject.marks[.told] = mark("tip")
        subject.pages.append("/stories")
        guard stage.rawValue >= Stage.proposed.rawValue else { return subject }
        let match = try await village.write(asSystemOf: village.riverside) { db in
            try Match.propose(supporter.id, for: Referral.load(id, of: db.organization, in: db), in: db).id
        }
        subject.doors[.match] = ["/matches/\(match)"]
        subject.pages += ["/matches/\(match)", "/encounters/new?match=\(match)"]
        if stage == .declined {
            try await village.write(as: neighbor) {
                try Match.find(match, in: $0).answer(.no, for: .participant, in: $0)
            }
        }
        guard stage.rawValue >= Stage.active.rawValue else { return subject }
        try await meet(&subject, match)
        let (plan, isShared) = (mark("plan"), stage == .active || random.next() % 2 == 0)
        subject.marks[.hardDayPlan] = plan
        subject.pages.append("/matches/\(match)/hard-days")
        try await village.write(as: neighbor) { db in
            try HardDayPlan([.alone: plan]).keep(in: db)
            if isShared { try HardDayPlan.share(true, by: match, in: db) }
        }
        let (sheet, isSheetShared) = (mark("sheet"), stage == .active || random.next() % 2 == 0)
        subject.marks[.preparationSheet] = sheet
        subject.pages.append("/matches/\(match)/preparation")
        try await village.write(as: neighbor) { db in
            try PreparationSheet([.matters: sheet]).keep(in: db)
            if isSheetShared { try PreparationSheet.share(true, by: match, in: db) }
        }
        try await tell(&subject, match, sharing: stage == .active)
        if stage == .changed { try await village.write(as: neighbor) { try Match.find(match, in: $0).end(in: $0) } }
        if stage == .closed {
            let (word, said) = (mark("word"), mark("said"))
            try await village.write(asSystemOf: village.riverside) { db in
                let referral = try Referral.load(id, of: db.organization, in: db)
                try referral.close(as: "support-completed", word: word, in: db)
                try Referral.load(id, of: db.organization, in: db)
                    .giveFeedback(helped: "yes", again: "yes", words: said, in: db)
            }
            subject.marks[.progress] = word
            subject.marks[.feedback] = said
        }
        return subject
    }

    /// What they want to work on, and what they tell once.
    private mutating func tell(_ subject: inout Subject, _ match: Match.ID, sharing: Bool) async throws {
        let neighbor = subject.neighbor
        let (goal, told) = (mark("goal", neighbor.name), mark("told", neighbor.name))
        let (sharesGoals, sharesStory) = (sharing || random.next() % 2 == 0, sharing || random.next() % 2 == 0)
        try await village.write(as: neighbor) { db in
            try Goal.add(goal, as: db.newID(), in: db)
            if sharesGoals { try GoalList.share(true, by: match, in: db) }
            try StorySheet([.life: told, .note: "Winter"]).keep(in: db)
            if sharesStory { try StorySheet.share(true, by: match, in: db) }
        }
        subject.marks.merge([.goals: goal, .storySheet: told]) { $1 }
        subject.pages += ["/matches/\(match)/goals", "/matches/\(match)/my-story"]
    }

    private func agree(_ neighbor: Village.Neighbor, signedAs name: String, sharing: Bool) async throws {
        let program = village.riverside.program
        try await village.write(as: neighbor) { db in
            for text in try ConsentText.current(of: program, for: "en", in: db)
            where [.takePart, .contactByPhone].contains(text.purpose) || sharing && text.purpose == .shareStatus {
                try Consent.give(text.purpose, in: program, text: text.id, signedAs: name, db: db)
            }
        }
    }

    /// What they say about how they are.
    private func answer(_ subject: inout Subject, _ referral: Referral) async throws {
        try await village.write(as: subject.neighbor) { db in
            try NeedsCheck.keep(
                [.soon: "wait"], of: referral, by: .themselves, as: db.newID(), in: db)
        }
        let doors = ["/needs-check/\(referral.id)/said", "/referrals/\(referral.id)/needs-check"]
        subject.doors[.needsCheck] = doors
        subject.pages += doors
    }

    /// They wait for a place in a closed group, with words for whoever says yes.
    private func ask(_ subject: inout Subject, _ words: String) async throws {
        let neighbor = subject.neighbor
        let group = try await village.write(asSystemOf: village.riverside) { [program = village.riverside.program] db in
            let kind = GroupType.Plan(name: "Kind of \(neighbor.id)", summary: "A circle.")
            let type = try GroupType.make(kind, agreements: "Be kind.", for: program, in: db)
            var plan = Group.Plan(name: "Circle of \(neighbor.id)", timeZone: "UTC")
            (plan.place, plan.admission, plan.membershipRule) = ("Room 2", .closed, "For some.")
            return try Group.make(plan, of: GroupType.load(type, of: db.organization, in: db), in: db)
        }
        try await village.write(as: neighbor) { db in
            _ = try GroupMember.join(
                Group.load(group, of: db.organization, in: db),
                GroupMember.Application(nickname: "Heron", agreements: 1, words: words), in: db)
        }
        subject.marks[.groups] = words
        subject.pages.append("/groups/\(group)")
    }

    /// Messages, a planned visit, and three contacts with notes in each state.
    private func meet(_ subject: inout Subject, _ match: Match.ID) async throws {
        let (village, neighbor, supporter) = (village, subject.neighbor, subject.supporter)
        let marks = Dictionary(
            uniqueKeysWithValues: [Item.messages, .place, .draft, .offeredNote, .note].map {
                ($0, mark($0.rawValue.replacing("-", with: ""), neighbor.name))
            })
        try await village.write(as: neighbor) { try Match.find(match, in: $0).answer(.yes, for: .participant, in: $0) }
        try await village.write(as: supporter) { try Match.find(match, in: $0).answer(.yes, for: .supporter, in: $0) }
        let (conversation, planned, held) = try await village.write(as: supporter) { db in
            guard let conversation = try Conversation.current(with: neighbor.id, in: db) else { throw Problem.notFound }
            _ = try Message.send(marks[.messages] ?? "", as: db.newID(), to: conversation.id, in: db)
            let pair = try ActiveMatch.find(match, in: db)
            let plan = Encounter.Plan(mode: .inPerson, startsAt: db.now.adding(hours: 30), place: marks[.place])
            let planned = try Encounter.plan(plan, with: pair, in: db)
            let held = try (1...3).map { hours in
                try Encounter.record(
                    Encounter.Held(mode: .phone, minutes: 20, functions: [.emotionalSupport]),
                    at: db.now.adding(hours: -hours), with: pair, in: db)
            }
            for (id, item) in zip(held, [Item.draft, .offeredNote, .note]) {
                let encounter = try Encounter.find(id, in: db)
                try Note.write(text: marks[item] ?? "", words: nil, on: encounter, revision: 0, in: db)
                if item != .draft { try Note.offer(on: encounter, revision: 1, in: db) }
            }
            return (conversation.id, planned, held)
        }
        try await village.write(as: neighbor) {
            try Note.answer(.agreed, on: Encounter.find(held[2], in: $0), revision: 2, in: $0)
        }
        try await village.write(as: supporter) {
            try Note.sign(on: Encounter.find(held[2], in: $0), revision: 3, in: $0)
        }
        subject.marks.merge(marks) { $1 }
        subject.doors[.encounter] = ["/encounters/\(held[0])"]
        subject.pages += held.map { "/encounters/\($0)" } + ["/encounters/\(planned)", "/conversations/\(conversation)"]
    }

    /// Some roles begin or end, and some take a yes back.
    private mutating func change() async throws {
        let village = village
        for subject in subjects where random.next() % 3 == 0 {
            try await village.give(
                [.supporter, .referrer, .coordinator, .supervisor][Int(random.next() % 4)], to: subject.neighbor)
        }
        if random.next() % 3 == 0 { try await village.end(.referrer, of: village.dana) }
        if random.next() % 3 == 0 { try await village.end(.supporter, of: village.bao) }
        if random.next() % 3 == 0 { try await village.end(.coordinator, of: village.ana) }
        for subject in subjects where random.next() % 4 == 0 {
            let program = village.riverside.program
            try? await village.write(as: subject.neighbor) {
                try Consent.withdraw(.shareStatus, of: $0.me, in: program, db: $0)
            }
        }
    }
}
