import Kith
import KithTestSupport

extension RouteThings {
    /// Forms of what supporters do for themselves, and of what is entered for them.
    var supporterForms: [String: [String: String]] {
        [
            "/breather": [:], "/breather/ending": [:], "/breather/no-talk": [:], "/breather/talk/ending": [:],
            "/supporters/{id}/week": [
                "from": "2026-03-02", "outcome-\(story.match)-1": "no-answer", "mode-\(story.match)-1": "phone",
                "day-\(story.match)-1": "2026-03-02", "time-\(story.match)-1": "08:00"
            ],
            "/breather/talk": ["program": village.riverside.program.text], "/talks/{id}/holding": [:]
        ]
    }
}
