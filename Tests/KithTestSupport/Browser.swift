import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kith
import Logging
import Web

/// What came back.
package struct Answer: Sendable {
    package let status: HTTPResponse.Status
    package let bytes: [UInt8]
    package let headers: HTTPFields

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package var location: String? { headers[.location] }
}

/// Somebody at a browser, in process: cookies and form tokens as a browser has them.
package struct TestBrowser: Sendable {
    private let client: any TestClientProtocol
    private let session: Secret?

    fileprivate init(_ client: any TestClientProtocol, _ session: Secret?) {
        self.client = client
        self.session = session
    }

    package func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(path, .get, "", headers)
    }

    /// Posts a form as a page of ours would: with its token and from this site.
    package func post(_ path: String, _ form: [String: String] = [:], headers: HTTPFields = [:]) async throws -> Answer
    {
        try await post(path, fields: form.map { ($0.key, $0.value) }, headers: headers)
    }

    package func post(_ path: String, fields: [(String, String)], headers: HTTPFields = [:]) async throws -> Answer {
        var fields = fields
        if let session { fields.append(("form-token", session.derived(for: "form").text)) }
        let body = fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(path, .post, body, headers)
    }

    /// Posts a form with a file, as a browser does.
    package func post(
        _ path: String, _ form: [String: String], file: [UInt8], as field: String = "attachment",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var form = form
        if let session { form["form-token"] = form["form-token"] ?? session.derived(for: "form").text }
        var body: [UInt8] = []
        for (name, value) in form.sorted(by: { $0.key < $1.key }) {
            body += "--b0undary\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
        }
        body += "--b0undary\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"x.exe\"\r\n".utf8
        body += "Content-Type: text/html\r\n\r\n".utf8
        body += file
        body += "\r\n--b0undary--\r\n".utf8
        var headers = headers
        headers[.contentType] = "multipart/form-data; boundary=b0undary"
        return try await send(path, .post, bytes: body, headers)
    }

    package func send(
        _ path: String, _ method: HTTPRequest.Method, _ body: String, _ headers: HTTPFields
    ) async throws -> Answer {
        try await send(path, method, bytes: Array(body.utf8), headers)
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, bytes body: [UInt8], _ headers: HTTPFields
    ) async throws -> Answer {
        var headers = headers
        if let session { headers[.cookie] = "session=\(session.text)" }
        if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = headers[site] ?? "same-origin" }
        return try await client.execute(uri: path, method: method, headers: headers, body: ByteBuffer(bytes: body)) {
            Answer(status: $0.status, bytes: Array($0.body.readableBytesView), headers: $0.headers)
        }
    }

    private func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

extension Logger {
    fileprivate static var quiet: Logger {
        var log = Logger(label: "village")
        log.logLevel = .critical
        return log
    }
}

extension Village {
    /// The address the village is reached at.
    package static let place = Place(address: "http://localhost")

    /// Runs `body` with browsers for anybody: `browser(village.ana)`, `browser(nil)` for a stranger.
    /// - Parameter live: over real connections, where it matters from which address a request comes.
    package func browsing<T: Sendable>(
        at place: Place = Self.place, live: Bool = false, log: Logger? = nil,
        _ body: @escaping @Sendable (_ browser: @Sendable (Neighbor?) -> TestBrowser) async throws -> T
    ) async throws -> T {
        let log = log ?? .quiet
        let app = Application(router: platform.router(at: place, log: log), logger: log)
        return try await app.test(live ? .live : .router) { client in
            try await body { TestBrowser(client, $0?.session) }
        }
    }
}

extension Platform {
    /// Runs `body` with a stranger's browser.
    package func browsing<T: Sendable>(
        log: Logger? = nil, _ body: @escaping @Sendable (TestBrowser) async throws -> T
    ) async throws -> T {
        let log = log ?? .quiet
        let app = Application(router: router(at: Village.place, log: log), logger: log)
        return try await app.test(.router) { try await body(TestBrowser($0, nil)) }
    }
}
