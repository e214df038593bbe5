import HTTPTypes
import Kith
import KithTestSupport
import Storage
import Testing

@Suite("The outbox: tries, claims, and what is stuck")
struct OutboxDeliveryTests {
    @Test(
        "A server that is busy is tried again, later each time, with the same identifier",
        arguments: TestEngine.available)
    func again(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            two.postbox.refuse(.notNow("answer:451"), .notNow("timeout"), .notNow("unreachable"))
            #expect(await two.workOff().isEmpty)
            #expect(await two.workOff(after: 0).isEmpty && two.postbox.tries.count == 1, "not at once")
            for _ in 0..<3 { _ = await two.workOff(after: 5) }
            #expect(two.postbox.tries.count == 4 && Set(two.postbox.tries).count == 1)
            #expect(two.postbox.letters.count == 1)
            let waits = (1...12).map { OutgoingMessage.seconds(afterAttempt: $0, in: village.platform.world) }
            #expect(
                zip(waits, 0...).allSatisfy { $0 >= min(30 << $1, 21_600) / 2 && $0 < min(30 << $1, 21_600) * 3 / 2 })
            let jitter = Set((0..<40).map { _ in OutgoingMessage.seconds(afterAttempt: 9, in: village.platform.world) })
            #expect(jitter.count > 10, "no two wait for the same time")
        }
    }

    @Test(
        "What is refused for good, or tried too often, stands on the administrator's page, and names nobody",
        arguments: TestEngine.available)
    func stuck(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            two.postbox.refuse(.refused("refused:550"))
            _ = await two.workOff()
            #expect(try await two.states() == ["stuck refused:550"])
            try await two.village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                let page = try await ada.get("/outbox")
                #expect(page.text.contains("The other side will not take it (550)"))
                #expect(!page.text.contains("Cleo") && !page.text.contains("home.example"))
                let path = try #require(page.text.firstMatch(of: /action="(\/outbox\/[^"]*\/trying)"/))
                #expect(try await ada.post(String(path.1)).location == "/outbox")
                #expect(try await ada.post(String(path.1)).status == .conflict, "somebody has seen to it")
            }
            #expect(await two.workOff(after: 0).count == 1)
            try await two.read(1)
            try await two.write()
            for _ in 0..<OutgoingMessage.mostAttempts { two.postbox.refuse(.notNow("timeout")) }
            for _ in 0..<OutgoingMessage.mostAttempts { _ = await two.workOff(after: 10 * 60) }
            #expect(try await two.states().sorted() == ["sent", "stuck timeout"])
            // Another message is not put beside one that is stuck; given up, it makes room.
            try await two.write()
            #expect(try await two.states().count == 2)
            try await two.village.browsing { browser async throws -> Void in
                let ada = browser(village.ada)
                let page = try await ada.get("/outbox")
                let path = try #require(page.text.firstMatch(of: /action="(\/outbox\/[^"]*\/giving-up)"/))
                #expect(try await ada.post(String(path.1)).location == "/outbox")
            }
            try await two.write()
            #expect(await two.workOff().count == 2)
        }
    }

    @Test("Two workers at the same messages send each once", arguments: TestEngine.available)
    func together(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            let house = village.riverside
            try await two.village.write(asSystemOf: house) { db in
                for number in 0..<60 {
                    let person = try Person.add(
                        PersonDraft(
                            name: "Nora \(number)",
                            channels: [
                                ContactChannel(kind: .email, address: "n\(number)@x.example", mayLeaveMessage: true)
                            ]), to: house.organization, in: db)
                    try Person.give(.referrer, in: house.program, to: person, of: house.organization, in: db)
                    try OutgoingMessage.put(.referral, to: person, in: house.program, of: house.organization, db: db)
                }
            }
            let workers = (0..<2).map { _ in two.village.worker(by: two.postbox) }
            await withTaskGroup(of: Void.self) { group in
                for worker in workers { group.addTask { await worker.workOff() } }
            }
            #expect(two.postbox.tries.count == 60 && Set(two.postbox.tries).count == 60)
        }
    }

    @Test(
        "What a process that is gone had claimed leaves when its claim has ended, and its late word counts for nothing",
        arguments: TestEngine.available)
    func lease(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            let slow = SlowCarrier(postbox: two.postbox)
            village.clock.advance(minutes: 5)
            let first = two.village.worker(by: slow, lease: 30)
            let work = Task { await first.workOff() }
            await slow.isReached()
            #expect(await two.workOff(after: 0).isEmpty, "claimed")
            village.clock.advance(seconds: 31)
            #expect(await two.workOff(after: 0).count == 1)
            await slow.fail()
            await work.value
            #expect(try await two.states() == ["sent"], "the first one's failure is no news")
            #expect(Set(two.postbox.tries).count == 1, "both had the same identifier")
        }
    }

    @Test("Stopped in the middle, a worker gives its claim back", arguments: TestEngine.available)
    func interrupted(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            village.clock.advance(minutes: 5)
            let slow = SlowCarrier(postbox: two.postbox)
            let work = Task { await two.village.worker(by: slow).workOff() }
            await slow.isReached()
            work.cancel()
            await slow.fail(with: .interrupted)
            await work.value
            #expect(await two.workOff(after: 0).count == 1, "another takes it at once")
        }
    }

    @Test("What nobody works off, and what nobody sees to, is found", arguments: TestEngine.available)
    func orphans(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            let feature = OutgoingMessage.feature
            try await two.write()
            #expect(try await two.village.orphans(of: feature) == [:])
            village.clock.advance(hours: 25)
            let found = try await two.village.orphans(of: feature)
            #expect(found.keys.sorted() == ["messages to people that nobody works off, a day after they were due"])
            two.postbox.refuse(.refused("refused:550"))
            _ = await two.workOff()
            #expect(try await two.village.orphans(of: feature) == [:], "the administrator sees it")
            let (ada, program) = (village.ada.id, village.riverside.program)
            try await two.village.write(asSystemOf: village.riverside) { db in
                try db.run(
                    """
                    UPDATE membership SET ended_at = \(db.now) WHERE person_id = \(ada) AND program_id = \(program)
                    """)
                db.record(Event(.roleEnded, about: ada, in: program))
            }
            #expect(
                try await two.village.orphans(of: feature).keys.sorted()
                    == ["messages to people that are stuck where nobody administers the program"])
        }
    }

    @Test(
        "The link in every notice stops them in one click, without an account, and also for a mail program",
        arguments: TestEngine.available)
    func stop(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let two = try await MailPair(in: village)
            try await two.write()
            let link = try #require(await two.workOff().first?.stopAddress)
            let path = String(link.dropFirst("http://localhost".count))
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            try await two.village.browsing { browser async throws -> Void in
                let stranger = browser(nil)
                let page = try await stranger.get(path)
                #expect(page.status == .ok && page.text.contains("Stop these messages"))
                #expect(!page.text.contains("Cleo"))
                let before = try await stranger.get(path + "x")
                #expect(before.status == .notFound)
                // As a mail program does it (RFC 8058): from nowhere, without a cookie.
                let answer = try await stranger.send(
                    path, .post, "List-Unsubscribe=One-Click",
                    [.contentType: "application/x-www-form-urlencoded", site: "cross-site"])
                #expect(answer.status == .ok && answer.text.contains("No more messages will come"))
            }
            try await two.read(1)
            try await two.write()
            #expect(await two.workOff().count == 1)
            try await two.village.browsing { browser async throws -> Void in
                #expect(try await browser(village.cleo).get("/reach").text.contains("value=\"kith-only\" checked"))
            }
        }
    }

    @Test("A way in can be mailed; its secret is kept nowhere and works once", arguments: TestEngine.available)
    func invitation(engine: TestEngine) async throws {
        try await withVillage(engine) { village in
            let carrying = village.carrying()
            let postbox = Postbox()
            let channel = ContactChannel(kind: .email, address: "nora@home.example", mayLeaveMessage: true)
            let referral = try await village.refer("Nora North", channels: [channel])
            try await village.publishConsentTexts(of: village.riverside)
            try await carrying.browsing { browser async throws -> Void in
                let ana = browser(village.ana)
                let path = "/referrals/\(referral.id)/invitation/mail"
                #expect(try await ana.post(path).status == .conflict, "no yes to mail")
                let person = referral.person
                try await village.write(asSystemOf: village.riverside) { db in
                    let text = try db.value(
                        """
                        SELECT id FROM consent_text WHERE program_id = \(village.riverside.program)
                        AND purpose = 'contact-email' AND language = 'en'
                        """, as: String.self)
                    try db.run(
                        """
                        INSERT INTO consent (organization_id, id, person_id, program_id, purpose, granted, method, text_id,
                            signed_as, witness, recorded_by, given_at)
                        VALUES (\(db.organization), 'c1', \(person), \(village.riverside.program), 'contact-email', TRUE,
                            'voice', \(text), 'Nora North', 'Wilma Wood', 'system', \(db.now))
                        """)
                    db.record(Event(.consentGiven, about: person))
                }
                #expect(try await ana.post(path).location == "/referrals/\(referral.id)")
                await carrying.workOff(into: postbox)
                let letter = try #require(postbox.letters.first)
                #expect(letter.stopAddress == nil && !letter.text.contains("Nora"))
                let way = try #require(letter.text.firstMatch(of: /http:\/\/localhost(\/invitations\/[A-Za-z0-9_-]+)/))
                #expect(try await browser(nil).get(String(way.1)).text.contains("Nora North"))
                let secret = String(way.1.dropFirst("/invitations/".count))
                let kept = try await village.platform.store.read {
                    try $0.values("SELECT token_hash FROM invitation", as: String.self)
                }
                #expect(!kept.contains(secret) && kept.contains(Secret(presented: secret).hash))
            }
        }
    }
}

/// A mail server that takes its time: it says when it is reached, and answers when it is told to.
private actor SlowCarrier: Carrier {
    private let postbox: Postbox
    private var reached: CheckedContinuation<Void, Never>?
    private var answer: CheckedContinuation<CarryFailure, Never>?

    init(postbox: Postbox) { self.postbox = postbox }

    func carry(_ letter: Letter) async throws(CarryFailure) {
        postbox.refuse(.notNow("slow"))
        try? await postbox.carry(letter)
        let failure = await withCheckedContinuation { continuation in
            answer = continuation
            reached?.resume()
            reached = nil
        }
        throw failure
    }

    func isReached() async {
        guard answer == nil else { return }
        await withCheckedContinuation { reached = $0 }
    }

    func fail(with failure: CarryFailure = .notNow("timeout")) {
        answer?.resume(returning: failure)
        answer = nil
    }
}
