import Kith
import KithTestSupport

extension RouteThings {
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
            "/goals": ["words": "Sleep better", "once": "0195cf1e-0000-7000-8000-0000000000a1"],
            "/goals/strengths": ["words": "Music"], "/goals/{id}": ["words": "Sleep well"],
            "/goals/{id}/state": ["state": "aside"], "/goals/deletion": ["goal": goals.other.text],
            "/goals/{id}/steps": ["words": "Tea at nine", "once": "0195cf1e-0000-7000-8000-0000000000a2"],
            "/steps/{id}": ["words": "No phone after ten"], "/steps/{id}/done": ["done": "yes"],
            "/steps/{id}/reminder": ["when": "once", "date": "2026-03-09", "time": "18:00"],
            "/steps/{id}/reminder/ending": [:], "/steps/deletion": ["step": goals.otherStep.text],
            "/matches/{id}/goals": ["share": "no"], "/matches/{id}/my-story": ["share": "no"],
            "/my-story": ["life": "A long winter"], "/my-story/deletion": [:],
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
            "/wishes/{id}": ["languages": "en"], "/needs-checks/{id}/talk": [:],
            "/needs-check/{id}": ["soon": "wait", "once": "0195cf1e-0000-7000-8000-0000000000b1"],
            "/referrals/{id}/needs-check": ["soon": "wait", "once": "0195cf1e-0000-7000-8000-0000000000b2"],
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
        return forms[route.path] ?? supporterForms[route.path] ?? libraryForms[route.path]
            ?? groups.form(route.path, village)
    }
}
