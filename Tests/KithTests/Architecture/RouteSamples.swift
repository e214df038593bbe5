import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Media
import Storage

/// Things of Riverside that stand for `{…}` in addresses and for the choices in forms: what whoever may come in uses,
/// and nobody else may reach.
struct RouteThings: Sendable {
    let village: Village
    let story: Story
    /// A message of Cleo's that a picture came with.
    let pictured: Message.ID
    /// Another open referral of the same program.
    let other: Referral.ID
    let encounter: Encounter.ID
    /// The words of consent to taking part.
    let words: ConsentText.ID
    /// A message that could not be sent.
    let stuck = OutgoingMessage.ID("0195cf1e-0000-7000-8000-00000000000a")
    /// A record that the supervisor has open, and one that waits for their word.
    let opening: Opening.ID
    let otherOpening: Opening.ID
    /// What people quote of the referral.
    let reference: String
    /// A concern that Cleo raised and that has called everybody on the ladder, one that Ana has in hand, and one that was
    /// closed and offers Ben a talk.
    let concerns: (open: Concern.ID, inHand: Concern.ID, closed: Concern.ID)
    /// Groups of Riverside with what belongs to them.
    let groups: GroupThings
    /// A death that Cleo told of, somebody else she cares for, and a supporter who may die.
    let losses: (told: Loss.ID, other: CareRelation.ID, supporter: Person.ID)
    /// An incident that Sam wrote down and Ana has to review, and one that she reviewed.
    let incidents: (open: Incident.ID, reviewed: Incident.ID)
    /// Items of moderation.
    let moderation: ModerationThings
    let told: StoryThings
    /// Ben is away, and Bao could stand in.
    let cover: Cover.ID
    /// Bao would like to talk with Sam.
    let talk: Talk.ID
    /// Two who ask to be deleted: one is, one has to wait.
    let needsCheck: NeedsCheck.ID
    let wishes: (erased: ErasureWish.ID, kept: ErasureWish.ID)
    /// What Cleo wants to work on, with a small step.
    let goals: GoalThings
    /// A page of the library that is published.
    let libraryPage: LibraryPage.ID
    /// What a partner sent, by FHIR.
    var sent = ""

    init(_ village: Village) async throws {
        self.village = village
        let house = village.riverside
        story = try await village.pair(sharing: true)
        pictured = Message.ID(village.platform.world.newIdentifier())
        try await village.send(
            try CleanFile(SentFile.picture()), "Hello Ben", in: story.conversation, as: village.cleo, id: pictured)
        let (program, dana, cyrus) = (house.program, village.dana.id, village.cyrus.id)
        other = try await village.write(as: village.dana) { db in
            let draft = ReferralDraft(
                program: program, who: .known(cyrus), origin: .referrer, referrer: dana, reason: "Nights are hard")
            return try Referral.open(draft, of: db.organization, in: db).id
        }
        try await village.write(asSystemOf: house) { [stuck] db in
            try db.run(
                """
                INSERT INTO outgoing_message (organization_id, id, person_id, program_id, notice, is_single,
                    channel, state, created_at, due_at, failure)
                VALUES (\(house.organization), \(stuck), \(cyrus), \(program), 'message', \(true), 'email', 'stuck',
                    \(db.now), \(db.now), 'refused:550')
                """)
            db.record(Event(.noticeStuck, of: stuck.text, about: cyrus, in: program))
        }
        (opening, otherOpening, reference) = try await village.openings(by: story.referral)
        let texts = try await village.read(as: village.cleo) { try ConsentText.current(of: program, for: "en", in: $0) }
        words = texts.first { $0.purpose == .takePart }?.id ?? ConsentText.ID("")
        concerns = try await village.concerns()
        try await village.write(as: village.cleo) { [match = story.match] db in
            try HardDayPlan([.alone: "A walk"]).keep(in: db)
            try HardDayPlan.share(true, by: match, in: db)
            try PreparationSheet([.matters: "Sleep"]).keep(in: db)
            try PreparationSheet.share(true, by: match, in: db)
        }
        goals = try await village.ownWords(sharedBy: story.match)
        groups = try await village.groupThings()
        libraryPage = try await village.libraryPage()
        losses = try await village.losses()
        incidents = try await village.incidents()
        moderation = try await village.moderation(in: story.conversation)
        told = try await village.stories()
        try await village.clear(village.ben.id, for: 100)
        cover = try await village.covered(story.match)
        wishes = (try await village.wishing("Rosa Reyes").wish, try await village.wishing("Rune Ruud").wish)
        talk = try await village.write(as: village.bao) { db in
            try Talk.ask(in: program, db: db)
            return try Talk.mine(in: db)?.id ?? Talk.ID("")
        }
        needsCheck = try await village.write(as: village.cleo) { [referral = story.referral] db in
            let check: NeedsCheck.ID = db.newID()
            try NeedsCheck.keep(
                [.health: "yes"], of: Referral.findOwn(referral, in: db), by: .themselves, as: check,
                in: db)
            return check
        }
        // What was planned before Ben was away is called off.
        encounter = try await village.plan(story)
    }

    /// The address of a route with things in it; nil for one that nobody thought of.
    func address(_ route: Route) -> String? {
        let things = [
            // Whoever dies cannot walk on.
            "referrals/id": (route.path == "/referrals/{id}/loss" ? other : story.referral).text,
            "referrals/sent/id": story.referral.text,
            "feedback/id": story.referral.text, "wishes/id": story.referral.text,
            "needs-check/id": story.referral.text, "needs-checks/id": needsCheck.text,
            "requests/id": story.referral.text, "team/id": village.ben.id.text,
            "programs/id": village.riverside.program.text, "matches/id": story.match.text,
            "conversations/id": story.conversation.text, "conversations/id/messages/sequence": "1",
            "supporters/id": (route.path.hasSuffix("/loss") ? losses.supporter : village.ben.id).text,
            "encounters/id": encounter.text, "people/id": village.bao.id.text,
            "account/passkeys/id": "0195cf1e-0000-7000-8000-000000000002",
            "openings/id": (route.path.hasSuffix("/review") ? otherOpening : opening).text,
            "privacy/items/item": Item.messages.rawValue, "outbox/id": stuck.text,
            "program": village.riverside.program.text, "slug": village.riverside.slug, "token": "forged",
            "leaflets/\(village.riverside.slug)/id": village.riverside.program.text,
            "progress/forged/concerns/id": concerns.open.text, "concerns/raised/id": concerns.open.text,
            "concerns/id": concern(route).text, "groups/id": groups.group(for: route.path).id.text,
            "groups/types/id": groups.type.id.text, "groups/partings/id": groups.parting.text,
            "courses/id": groups.course.id.text, "courses/sessions/id": groups.course.session.text,
            "meetings/id": groups.meeting(for: route.path).text, "code": groups.open.code,
            "privacy/copy/people/sender": village.cleo.id.text,
            "privacy/copy/people/\(village.cleo.id)/messages/message": pictured.text,
            "moderation/\(moderation.appealed)/messages/message": moderation.pictured.text,
            "moderation/id": item(route).text, "decisions/id": moderation.told.text, "help/id": moderation.worry.text,
            "blocks/id": village.bao.id.text, "blocks/groups/id": moderation.block.text,
            "incidents/id": (route.path.hasSuffix("/closing") ? incidents.reviewed : incidents.open).text,
            "stories/id": (route.path.hasSuffix("/report") ? told.others : told.own).text,
            "erasures/id": (route.path.hasSuffix("/keeping") ? wishes.kept : wishes.erased).text,
            "library/id": libraryPage.text, "page": libraryPage.text,
            "goals/id": goals.goal.text, "steps/id": goals.step.text,
            "cover/id": cover.text, "measure": QualityMeasure.concerns.rawValue, "losses/id": losses.told.text,
            // One's own is changed, what somebody else wrote is reported.
            "sequence": ["/report", "/block"].contains(where: route.path.hasSuffix) ? "2" : "1",
            "talks/id": talk.text, "fhir/ServiceRequest/id": sent, "fhir/Task/id": sent
        ]
        var path = route.path.replacing("**", with: "Patient")
        while let open = path.firstIndex(of: "{"), let close = path.firstIndex(of: "}") {
            let before = String(path[..<open]).split(separator: "/").joined(separator: "/")
            let name = String(path[path.index(after: open)..<close])
            guard let thing = things["\(before)/\(name)"] ?? things[name] else { return nil }
            path.replaceSubrange(open...close, with: thing)
        }
        if route.method == .get, route.path == "/groups/new" { return "\(path)?type=\(groups.type.id)" }
        // These pages are about a match, which stands behind the question mark.
        let asksForMatch = route.method == .get && ["/encounters/new", "/encounters/unplanned"].contains(route.path)
        return asksForMatch ? path + "?match=\(story.match)" : path
    }

    /// The one that a route is for.
    private func concern(_ route: Route) -> Concern.ID {
        if route.path.contains("/debrief") || route.path.hasSuffix("/follow-up") { return concerns.closed }
        return ["/closing", "/handover"].contains { route.path.hasSuffix($0) } ? concerns.inHand : concerns.open
    }

    private func item(_ route: Route) -> ModerationItem.ID {
        if ["/appeal", "/attachment"].contains(where: route.path.hasSuffix) { return moderation.appealed }
        return ["/decision", "/handover"].contains { route.path.hasSuffix($0) } ? moderation.worry : moderation.open
    }

    /// What a partner's system would send.
    func resource(_ route: Route) -> String {
        let patient = #"{"resourceType":"Patient","id":"p9","name":[{"family":"North","given":["Nora"]}]}"#
        let request = """
            {"resourceType":"ServiceRequest","id":"s9","status":"active","intent":"order",
            "identifier":[{"system":"urn:example:orders","value":"99"}],
            "code":{"coding":[{"system":"http://snomed.info/sct","code":"461481000124109"}]},
            "subject":{"reference":"Patient/p9","display":"Nora North"},
            "reasonCode":[{"text":"Caring for her mother"}]}
            """
        switch route.path {
        case "/fhir":
            return """
                {"resourceType":"Bundle","type":"transaction","entry":[
                {"resource":\(patient),"request":{"method":"POST","url":"Patient"}},
                {"resource":\(request),"request":{"method":"POST","url":"ServiceRequest"}}]}
                """
        case "/fhir/Task", "/fhir/Task/{id}":
            return """
                {"resourceType":"Task","id":"\(sent)","status":"requested","intent":"order",
                "focus":{"reference":"ServiceRequest/\(sent)"}}
                """
        default: return request
        }
    }
}
