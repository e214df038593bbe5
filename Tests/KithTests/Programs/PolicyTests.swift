import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("A program's policy")
struct PolicyTests {
    @Test(
        "A word, a topic or the door make a referral urgent",
        arguments: [
            (UrgencyRule(.word, "newborn"), "Her Newborn does not sleep", true),
            (UrgencyRule(.word, "son"), "A person to talk to", false),
            (UrgencyRule(.word, "home alone"), "She is home, alone all day", true),
            (UrgencyRule(.word, "home alone"), "Alone at home", false),
            (UrgencyRule(.topic, "grief"), "Anything", true), (UrgencyRule(.topic, "sleep"), "sleep", false),
            (UrgencyRule(.origin, "self"), "Anything", true), (UrgencyRule(.origin, "partner"), "partner", false)
        ])
    func rules(rule: UrgencyRule, reason: String, isUrgent: Bool) {
        let policy = Policy(urgentWhen: [rule])
        #expect(policy.isUrgent(reason: reason, topics: ["grief"], origin: "self") == isUrgent)
        #expect(!Policy().isUrgent(reason: reason, topics: ["grief"], origin: "self"))
    }

    @Test("A policy that cannot work is not published", arguments: TestEngine.available)
    func flaws(engine: TestEngine) async throws {
        #expect(Policy().flaws.isEmpty)
        let wrong = [
            Policy(clockHours: ["intake": .init(routine: 0, urgent: 0)]),
            Policy(clockHours: ["inbox": .init(routine: 2, urgent: 1)]),
            Policy(clockHours: ["intake": .init(routine: 2, urgent: 4)]), Policy(declineReasons: []),
            Policy(declineReasons: ["full-moon"]), Policy(urgentWhen: [UrgencyRule(.word, " ")]),
            Policy(urgentWhen: [UrgencyRule(.origin, "letter")])
        ]
        for policy in wrong { #expect(policy.flaws.count == 1, "\(policy.flaws)") }
        try await withVillage(engine) { village in
            let program = village.riverside.program
            await #expect(throws: Problem.invalid("policy", "not-a-policy")) {
                try await village.write(as: village.ada) { _ = try Program.publish(wrong[0], for: program, in: $0) }
            }
            await #expect(throws: Problem.notAllowed) {
                try await village.write(as: village.ana) { _ = try Program.publish(Policy(), for: program, in: $0) }
            }
            await #expect(throws: Problem.notFound) {
                try await village.write(as: village.hillside.administrator) {
                    _ = try Program.publish(Policy(), for: program, in: $0)
                }
            }
        }
    }

    @Test(
        "Rules are judged when a referral comes in, and it keeps the version it was judged by",
        arguments: TestEngine.available)
    func version(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let (program, cleo, dana) = (village.riverside.program, village.cleo.id, village.dana.id)
            func refer() async throws -> Referral {
                try await village.write(as: village.dana) { db in
                    let draft = ReferralDraft(
                        program: program, who: .known(cleo), origin: .referrer, referrer: dana,
                        reason: "Alone with a newborn")
                    return try Referral.open(draft, of: db.organization, in: db)
                }
            }
            let plain = try await refer()
            #expect(plain.priority == .routine && plain.policyVersion == 1)
            let policy = Policy(urgentWhen: [UrgencyRule(.word, "newborn")])
            try await village.write(as: village.ada) { _ = try Program.publish(policy, for: program, in: $0) }
            let urgent = try await refer()
            #expect(urgent.priority == .urgent && urgent.policyVersion == 2)
            #expect(urgent.due == village.clock.now.adding(hours: 4))
            // What was here before is judged no second time.
            let (before, rule) = try await village.read(as: village.ana) { db in
                (
                    try Referral.find(plain.id, in: db),
                    try PublishedPolicy.version(urgent.policyVersion, of: program, in: db).policy.urgentWhen
                )
            }
            #expect(before.priority == .routine && before.policyVersion == 1)
            #expect(rule == [UrgencyRule(.word, "newborn")])
        }
    }

    @Test("Whom a program is for stands where people choose it", arguments: TestEngine.available)
    func eligibility(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let program = village.riverside.program
            try await village.browsing { browser in
                let pages = [("/referrals/new", village.dana), ("/get-support/riverside", nil)]
                for (path, who) in pages {
                    let page = try await browser(who).get(path)
                    #expect(page.text.contains("For people who care for somebody."))
                    #expect(!page.text.contains("adults in this county"), "the premise")
                }
                try await village.write(as: village.ada) { db in
                    let policy = Policy(eligibility: "It is for adults in this county.")
                    _ = try Program.publish(policy, for: program, in: db)
                }
                for (path, who) in pages {
                    #expect(
                        try await browser(who).get(path).text.contains("It is for adults in this county."), "\(path)")
                }
            }
        }
    }
}
