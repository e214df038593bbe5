import HTTPTypes
import Kith
import KithInterop
import KithTestSupport
import Testing
import Web

@Suite("Interop as a feature")
struct InteropTests {
    @Test("Every kind of event has a sentence")
    func events() throws {
        let texts = try Shelf.load().translations["en"]
        #expect(!Interop.feature.events.isEmpty)
        for event in Interop.feature.events {
            let key = "events.\(event.rawValue)"
            #expect(texts(key) != key, "\(key)")
        }
    }

    @Test("Only the statement of what works is open to everybody; the rest is for partners, and one's own record")
    func access() {
        let open = Interop.feature.routes.filter { $0.access != .partner }
        #expect(open.map(\.path) == ["/fhir/metadata", "/privacy/copy/fhir"])
        #expect(open.map(\.method) == [.get, .get] && open.map(\.access) == [.anyone, .role(.participant)])
        #expect(Interop.feature.routes.count > 30)
    }
}
