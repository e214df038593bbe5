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
    /// Two who ask to be deleted: one is, one has to wait.
    let wishes: (erased: ErasureWish.ID, kept: ErasureWish.ID)
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
        groups = try await village.groupThings()
        losses = try await village.losses()
        incidents = try await village.incidents()
        moderation = try await village.moderation(in: story.conversation)
        told = try await village.stories()
        try await village.clear(village.ben.id, for: 100)
        cover = try await village.covered(story.match)
        wishes = (try await village.wishing("Rosa Reyes").wish, try await village.wishing("Rune Ruud").wish)
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
            "cover/id": cover.text, "measure": QualityMeasure.concerns.rawValue, "losses/id": losses.told.text,
            // One's own is changed, what somebody else wrote is reported.
            "sequence": ["/report", "/block"].contains(where: route.path.hasSuffix) ? "2" : "1",
            "fhir/ServiceRequest/id": sent, "fhir/Task/id": sent
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

    /// A form that would do, so that a refusal is about who sends it; nil for a route that nobody thought of.
    func form(_ route: Route) -> [String: String]? {
        let plan = ["mode": "phone", "date": "2026-03-05", "time": "14:00", "place": ""]
        let held = ["mode": "phone", "minutes": "20", "functions": "emotional-support"]
        let role = ["program": village.riverside.program.text, "role": "supporter"]
        let agreement = ["answer-take-part": "yes", "text-take-part": words.text, "name": village.cleo.name]
        let reach = [
            "way": "kith-only", "from": "09:00", "until": "20:00", "zone": "America/New_York", "language": "en"
        ]
        let forms: [String: [String: String]] = [
            "/sites": ["site-name": "Harbor House"],
            "/programs": ["name": "Heart and stroke", "summary": "For life after a stroke."],
            "/people": role.merging(["name": "Nina New", "once": "1"]) { $1 },
            "/people/{id}/roles": role.merging(["role": "referrer"]) { $1 }, "/people/{id}/roles/ending": role,
            "/people/{id}/way-in": ["once": "1"], "/people/{id}/ending": ["sure": "yes"],
            "/consent/{program}": agreement, "/consent/{program}/withdrawal": ["purpose": "share-status"],
            "/referrals/{id}/consent": agreement.merging(["how": "voice", "witness": "Wilma Wood"]) { $1 },
            "/referrals/{id}/consent/withdrawal": ["purpose": "contact-phone"],
            "/supporters/{id}/attestation": ["topic": "sleep"],
            "/supporters/{id}/clearance": ["check": "criminal-record", "ends-on": "2027-03-01"],
            "/supporters/{id}/clearance/ending": [:],
            "/profile": ["introduction": "Hello", "limit": "3", "formats": "phone", "languages": "en"],
            "/profile/pause": ["returns-on": "2026-04-01"], "/profile/resume": [:],
            "/referrals": [
                "program": village.riverside.program.text, "name": "Nora North", "whom": "self", "reason": "Company",
                "agreed": "yes", "once": "0195cf1e-0000-7000-8000-000000000002"
            ],
            "/referrals/sent/{id}/cancellation-request": ["reason": "They moved"],
            "/referrals/{id}/acceptance": [:], "/referrals/{id}/declination": ["reason": "not-eligible"],
            "/referrals/{id}/contact-attempts": ["channel": "phone", "outcome": "reached"],
            "/referrals/{id}/closing": ["outcome": "support-completed"], "/referrals/{id}/cancellation": [:],
            "/referrals/{id}/owner": ["owner": village.ana.id.text],
            "/referrals/{id}/reopening": ["reason": "They came back"],
            "/referrals/{id}/merging": ["other": other.text, "reason": "The same need"],
            "/referrals/{id}/invitation": ["once": "1"], "/referrals/{id}/invitation/mail": [:],
            "/outbox/{id}/trying": [:], "/outbox/{id}/giving-up": [:],
            "/referrals/{id}/proposal": ["supporter": village.bao.id.text],
            "/rounds": ["program": village.riverside.program.text],
            "/referrals/{id}/waiting": [:], "/matches/{id}/answer": ["answer": "yes"],
            "/matches/{id}/ending": ["reason": "asked"], "/matches/{id}/hard-days": ["share": "yes"],
            "/matches/{id}/preparation": ["share": "yes"], "/preparation": ["matters": "Sleep"],
            "/matches/{id}/look-back": ["answer": "yes"],
            "/programs/{id}/ranking": ["version": "1", "points": "300-140-100-80-50-120-120-80-10"],
            "/programs/{id}/ranking/return": ["version": "1", "to": "1"],
            "/hard-days": ["alone": "A walk"], "/hard-days/deletion": [:], "/preparation/deletion": [:],
            "/conversations/{id}/messages": ["body": "Hello", "message": "0195cf1e-0000-7000-8000-000000000001"],
            "/conversations/{id}/reading": ["from": "1", "through": "1"],
            "/conversations/{id}/messages/{sequence}": ["body": "Hello again"],
            "/conversations/{id}/messages/{sequence}/deletion": [:], "/conversations/{id}/draft": ["body": "Hel"],
            "/conversations/{id}/search": ["words": "hello"],
            "/encounters": plan.merging(["match": story.match.text]) { $1 },
            "/encounters/unplanned": held.merging(
                ["match": story.match.text, "date": "2026-03-02", "time": "08:00"]) { $1 },
            "/encounters/{id}/time": plan, "/encounters/{id}/completion": held, "/encounters/{id}/no-answer": [:],
            "/encounters/{id}/cancellation": [:], "/privacy/erasure": [:], "/privacy/erasure/withdrawal": [:],
            "/erasures/{id}/erasure": ["sure": "yes"],
            "/erasures/{id}/keeping": ["reason": "law", "until": "2031-05-01"],
            "/encounters/{id}/note": ["text": "We spoke.", "revision": "0"],
            "/encounters/{id}/note/answer": ["answer": "agreed", "revision": "1"],
            "/encounters/{id}/note/not-reachable": ["reason": "No phone", "revision": "1"],
            "/encounters/{id}/note/signature": ["revision": "1"],
            "/encounters/{id}/note/addenda": ["addition": "And nights.", "why": "Forgotten", "revision": "1"],
            "/wishes/{id}": ["languages": "en"],
            "/referrals/{id}/person": ["name": village.cleo.name, "language": "en"],
            "/programs/{id}/consent-texts": ["purpose": "contact-letter", "language": "en", "body": "We write to you."],
            "/requests/{id}/cancellation": [:], "/referrals/{id}/check-in": [:], "/pause": [:], "/pause/end": [:],
            "/referrals/{id}/on-behalf/feedback": ["helped": "yes", "again": "yes"],
            "/referrals/{id}/on-behalf/pause": [:], "/referrals/{id}/on-behalf/pause/end": [:],
            "/referrals/{id}/on-behalf/erasure": [:], "/referrals/{id}/on-behalf/erasure/withdrawal": [:],
            "/proof": ["password": "a password of nobody"], "/presence": [:],
            "/account/second-factor": [:], "/account/second-factor/confirmation": ["code": "000000"],
            "/account/second-factor/recovery-codes": [:], "/account/second-factor/ending": [:],
            "/account/passkeys/challenge": [:], "/account/passkeys": ["client": "", "attestation": ""],
            "/account/passkeys/{id}/ending": [:], "/proof/passkey/challenge": [:], "/proof/passkey": [:],
            "/account/sign-outs": ["where": "others"],
            "/calendar/address": ["once": "1"], "/calendar/ending": [:], "/calendar/choices": ["places": "yes"],
            "/account/password": ["current": "a password of nobody", "password": "four quiet words at dusk"],
            "/reach": reach, "/reach/stop": [:], "/reach/again": [:], "/referrals/{id}/reach": reach,
            "/urgent-help/numbers": ["national": "yes"], "/urgent-help/review": [:],
            "/neutral-names": ["sender": "Riverside", "subject": "A note", "caller": "May I speak with them?"],
            "/openings": ["reference": reference, "reason": "She cannot be reached"], "/openings/{id}/ending": [:],
            "/openings/{id}/review": ["verdict": "justified"],
            "/feedback/{id}": ["helped": "yes", "again": "yes"],
            "/concerns": [
                "who": village.riverside.program.text, "kind": "worry", "once": "0195cf1e-0000-7000-8000-00000000000b"
            ],
            "/concerns/{id}/acknowledgment": [:], "/concerns/{id}/handover": ["person": village.sam.id.text],
            "/concerns/{id}/closing": [
                "outcome": "settled", "follow-up": "2026-03-20", "debrief": village.ben.id.text
            ],
            "/concerns/{id}/follow-up": [:], "/concerns/{id}/debrief": [:],
            "/concerns/{id}/debrief/answer": ["answer": "no"],
            "/programs/{id}/ladder": ["who-1": "coordinator", "minutes-1": "20", "channel-1": "text", "drills": "0"],
            "/programs/{id}/drills": [:],
            "/programs/{id}/house-rules": ["rules": "Be kind", "changed": "Shorter", "first-held": "0"],
            "/programs/{id}/house-rules/acceptance": ["version": "1"],
            "/conversations/{id}/messages/{sequence}/report": ["reason": "insult"],
            "/conversations/{id}/messages/{sequence}/block": [:], "/blocks/{id}/ending": [:],
            "/blocks/groups/{id}/ending": [:],
            "/help/{id}/answer": ["answer": "fine"], "/decisions/{id}/appeal": ["words": "It was a joke"],
            "/moderation/{id}/claim": [:], "/moderation/{id}/handover": ["person": village.sam.id.text],
            "/moderation/{id}/decision": ["action": "asked"], "/moderation/{id}/appeal": ["outcome": "stands"],
            "/stories": [
                "kind": "tip", "text": "Tea at four", "language": "en", "program": village.riverside.program.text,
                "once": "0195cf1e-0000-7000-8000-00000000000d"
            ],
            "/stories/{id}": ["kind": "tip", "text": "Tea at five", "language": "en"], "/stories/{id}/withdrawal": [:],
            "/stories/{id}/agreement": ["agree": "yes", "mark": told.mark],
            "/stories/{id}/report": ["reason": "insult"],
            "/incidents": [
                "program": village.riverside.program.text, "kind": "privacy", "happened-on": "2026-03-01",
                "words": "A list was left on a chair", "once": "0195cf1e-0000-7000-8000-00000000000c"
            ],
            "/incidents/{id}/told": ["whom": "person"], "/incidents/{id}/review": ["review": "Folders help"],
            "/incidents/{id}/closing": ["lessons": "We bring folders"],
            "/referrals/{id}/loss": ["died-on": "2026-03-01"], "/supporters/{id}/loss": [:],
            "/losses": ["who": losses.other.text],
            "/losses/{id}/confirmation": [:], "/losses/{id}/mistake": [:],
            "/losses/{id}/talks": ["person": village.cleo.id.text], "/losses/{id}/answer": ["answer": "talk"],
            "/cover/{id}/choice": ["choice": "meanwhile"], "/cover/{id}/stand-in": ["supporter": village.bao.id.text],
            "/cover/{id}/look": [:],
            "/here": ["code": "AAAAAA"], "/meetings/{id}/running": [:],
            "/meetings/{id}/arrivals": ["member": "0195cf1e-0000-7000-8000-00000000000b", "here": "yes"],
            "/meetings/{id}/closing": ["minutes": "60"]
        ]
        return forms[route.path] ?? groups.form(route.path, village)
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
