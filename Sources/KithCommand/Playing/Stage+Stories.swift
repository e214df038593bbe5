import Foundation
import Kith
import Storage

extension Stage {
    /// What people of each group's program tell the others: some of it is shown, and the last still waits to be read.
    func narrate() async throws {
        guard let lead = SignIns.busiest(of: demonstration), let home = lead.programs.first,
            let coordinator = coordinators[home]?.first?.person
        else { return }
        let program = try program(home)
        let began = now.adding(days: -20)
        let participants = try await participants(of: program, by: began)
        let supporters = try await supporters(of: program)
        let writers = [participants.first, supporters.first, participants.dropFirst().first, supporters.last]
            .compactMap { $0 }
        guard !writers.isEmpty else { return }
        for (index, text) in Self.told.enumerated() {
            let writer = writers[index % writers.count]
            let isLast = index == Self.told.count - 1
            let moment = isLast ? now.adding(minutes: -50) : began.adding(days: index * 4)
            let draft = try MemberStory.Draft(text)
            let id = try await act(writer, at: moment) { db in
                let id: MemberStory.ID = db.newID()
                try MemberStory.keep(draft, as: id, for: program, in: db)
                let story = try MemberStory.own(id, in: db)
                try story.agree(to: Self.agreed, mark: story.mark, mayStay: false, in: db)
                return id
            }
            if isLast { return }
            try await act(coordinator, at: moment.adding(minutes: 70)) { db in
                guard let item = try ModerationItem.waiting(for: id.text, in: db) else { return }
                try item.claim(in: db)
                try ModerationItem.find(item.id, in: db).decide(.init(.shown), in: db)
            }
        }
    }

    private static let agreed = "The people of this program will see it as it stands here."

    private static let told: [MemberStory.Text] = [
        .init(
            .story, title: "The first night at home",
            """
            I had a list for everything: the tablets, the numbers, the pillow. At three in the morning the list \
            was no help, and I sat on the stairs.

            My supporter had told me that she sat on her stairs too. So I made tea, and I was not the only one awake.
            """, as: "Moth"),
        .init(.tip, "Write one question on a card before each visit. With two, I forget both.", as: "Ben"),
        .init(
            .story, title: "What I say when people ask",
            """
            For months I said “fine”. Now I say “some days are hard, and today is a good one”. People stay \
            a little longer when I say it like that.
            """),
        .init(.tip, "Put the chair where the light is in the morning.", as: "A neighbor"),
        .init(.tip, "Ask who can take over for one hour. One hour is easy to say yes to.", as: "Heron")
    ]
}
