import Kith
import KithTestSupport

extension RouteThings {
    /// More forms that would do.
    var ownForms: [String: [String: String]] {
        [
            "/breather": [:], "/breather/ending": [:], "/breather/no-talk": [:], "/breather/talk/ending": [:],
            "/supporters/{id}/week": [
                "from": "2026-03-02", "outcome-\(story.match)-1": "no-answer", "mode-\(story.match)-1": "phone",
                "day-\(story.match)-1": "2026-03-02", "time-\(story.match)-1": "08:00"
            ],
            "/breather/talk": ["program": village.riverside.program.text], "/talks/{id}/holding": [:]
        ]
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
