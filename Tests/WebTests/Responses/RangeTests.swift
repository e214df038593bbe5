import HTTPTypes
import Hummingbird
import Testing
import Web

@Suite("Parts of what is sent")
struct RangeTests {
    @Test("One part that is there is sent alone; whatever else is asked, all of it or none")
    func parts() {
        for (asked, status, range, length) in [
            (nil, HTTPResponse.Status.ok, nil, 100), ("bytes=0-", .partialContent, "bytes 0-99/100", 100),
            ("bytes=0-1", .partialContent, "bytes 0-1/100", 2),
            ("bytes=90-500", .partialContent, "bytes 90-99/100", 10),
            ("bytes=-5", .partialContent, "bytes 95-99/100", 5), ("bytes=-500", .partialContent, "bytes 0-99/100", 100),
            ("bytes=100-", .rangeNotSatisfiable, "bytes */100", 0),
            ("bytes=-0", .rangeNotSatisfiable, "bytes */100", 0),
            ("bytes=5-4", .ok, nil, 100), ("bytes=0-1,4-5", .ok, nil, 100), ("bytes=", .ok, nil, 100),
            ("bytes=-", .ok, nil, 100), ("lines=0-1", .ok, nil, 100), ("bytes=+1-2", .ok, nil, 100),
            ("bytes=99999999999999999999-", .ok, nil, 100)
        ] {
            let response = Response.part(of: Array(0..<100), type: "audio/ogg", asked: asked)
            let name = asked ?? "all"
            #expect(response.status == status, "\(name)")
            #expect(response.headers[.contentRange] == range, "\(name)")
            #expect(response.body.contentLength ?? 0 == length, "\(name)")
            #expect(response.headers[.acceptRanges] == "bytes")
        }
    }
}
