import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Web

@Suite("Forms with files")
struct MultipartFormTests {
    private func part(_ name: String, _ content: String, file: String? = nil, further: String = "") -> String {
        let file = file.map { "; filename=\"\($0)\"" } ?? ""
        return "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\(further)\r\n\(content)\r\n"
    }

    private func form(_ text: String, isCut: Bool = false) throws(MultipartForm.Flaw) -> MultipartForm {
        try MultipartForm(Array(text.utf8), boundary: "b", isCut: isCut)
    }

    @Test("Fields and files, whatever is in them")
    func read() throws {
        let tricky = "--b \r\n--c\r\n-b\r\r\n--\r\n--"
        let form = try form(
            part("a", "one\r\ntwo") + part("a", "") + part("é", "ü") + part("c", tricky)
                + part("f", tricky, file: "../../x.html", further: "Content-Type: text/html\r\n")
                + part("f", "second", file: "") + part("g", "", file: "") + part("h", "--", file: "h") + "--b--\r\n")
        #expect(form.form.all("a") == ["one\ntwo", ""])
        #expect(form.form["é"] == "ü" && form.form["c"] == "--b \n--c\n-b\n\n--\n--")
        #expect(form.form.names == ["a", "c", "é"])
        #expect(form.files["f"]?.map(Array.init) == [Array(tricky.utf8), Array("second".utf8)])
        #expect(form.files["g"] == nil, "nothing was chosen")
        #expect(form.files["h"]?.map(Array.init) == [Array("--".utf8)])
        // The last line break may be left out, as some programs do.
        #expect(try self.form("--b--").form == Form())
    }

    @Test(
        "What is not as a browser sends it is refused",
        arguments: [
            "", "b", "--c--", "x--b--\r\n", "\r\n--b--\r\n", "--b", "--b\r\n", "--b--x", "--b--\r\nx", "--bx--",
            "--b \r\n\r\n\r\n--b--", "--b\nContent-Disposition: form-data; name=\"a\"\n\nx\n--b--\n",
            "--b\r\n\r\nno head\r\n--b--\r\n", "--b\r\nContent-Type: text/plain\r\n\r\nno name\r\n--b--\r\n",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end"
        ])
    func malformed(text: String) {
        #expect(throws: MultipartForm.Flaw.malformed) { try form(text) }
    }

    @Test(
        "So is a head that means something else, or two things",
        arguments: [
            "form-data", "form-data; name=a", "form-data; name=\"\"", "form-data; name=\"a", "form-data; name=\"a\"x",
            "attachment; name=\"a\"", "form-data; name=\"a\"; name=\"b\"", "form-data; name=\"a\"; size=\"4\"",
            "form-data; name=\"a\"; filename*=UTF-8''x", "form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64",
            "form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"", "form-data; name=\"a\"\r\n folded",
            "form-data; name=\"\(String(repeating: "a", count: 101))\""
        ])
    func heads(disposition: String) {
        #expect(throws: MultipartForm.Flaw.malformed) {
            try form("--b\r\nContent-Disposition: \(disposition)\r\n\r\nx\r\n--b--\r\n")
        }
    }

    @Test("There are limits to its parts, their heads and what is typed, not to files")
    func limits() throws {
        func many(_ count: Int) -> String { (0..<count).map { part("n\($0)", "x") }.joined() + "--b--\r\n" }
        #expect(try form(many(MultipartForm.mostParts)).form.names.count == MultipartForm.mostParts)
        #expect(throws: MultipartForm.Flaw.tooManyParts) { try form(many(MultipartForm.mostParts + 1)) }
        let long = String(repeating: "x", count: MultipartForm.longestField + 1)
        #expect(throws: MultipartForm.Flaw.fieldTooLong) { try form(part("a", long) + "--b--\r\n") }
        #expect(try form(part("a", long, file: "f") + "--b--\r\n").files["a"]?.first?.count == long.utf8.count)
        let head = part("a", "x", further: "Content-Type: \(String(repeating: "x", count: 2_100))\r\n")
        #expect(throws: MultipartForm.Flaw.headTooLong) { try form(head + "--b--\r\n") }
        for text in ["a\0b", "\u{0}"] {
            #expect(throws: MultipartForm.Flaw.unreadable) { try form(part("a", text) + "--b--\r\n") }
        }
        let broken = Array(part("a", "").utf8.dropLast(2)) + [0xFF] + Array("\r\n--b--".utf8)
        #expect(throws: MultipartForm.Flaw.unreadable) { try MultipartForm(broken, boundary: "b") }
    }

    @Test("Cut off, it has what was whole, at every place")
    func cut() throws {
        let whole = part("a", "first") + part("b", "second") + part("f", "a file", file: "f") + "--b--\r\n"
        for length in 3..<whole.utf8.count {
            let text = String(decoding: whole.utf8.prefix(length), as: UTF8.self)
            let found = try form(text, isCut: true)
            #expect([nil, "first"].contains(found.form["a"]) && [nil, "second"].contains(found.form["b"]))
            #expect([nil, Array("a file".utf8)].contains(found.files["f"]?.first.map { Array($0) }))
        }
        #expect(try form(String(whole.dropLast(12)), isCut: true).form["b"] == "second")
    }

    @Test("Its boundary is one that may be, named once")
    func boundaries() {
        for (type, boundary) in [
            ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;  Boundary=\"a b\"", nil),
            ("multipart/form-data; boundary=\"----WebKit'()+_,-./:=?9\"", "----WebKit'()+_,-./:=?9"),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil), ("multipart/mixed; boundary=a", nil),
            ("multipart/form-data; boundary=a; boundary=b", nil), ("text/plain; boundary=a", nil),
            ("multipart/form-data; boundary=\(String(repeating: "a", count: 71))", nil)
        ] {
            #expect(MultipartForm.boundary(in: type) == boundary, "\(type)")
        }
    }

    @Test("Only an address that asks for it takes it; too much is cut, far too much is refused")
    func routes() async throws {
        let router = Router()
        router.post("plain") { request, _ in Response.text("\(try await request.form().names)") }
        router.post("files") { request, _ in
            let (found, isCut) = try await request.formWithFiles(upTo: 1_000)
            return Response.text("\(found.form.names) \(found.files.keys.sorted()) \(isCut)")
        }
        try await Application(router: router).test(.router) { client async throws -> Void in
            func send(_ path: String, _ size: Int, type: String = "multipart/form-data; boundary=b") async throws
                -> (HTTPResponse.Status, String)
            {
                let body =
                    part("a", "x") + part("f", String(repeating: "y", count: size), file: "f") + "--b--\r\n"
                return try await client.execute(
                    uri: path, method: .post, headers: [.contentType: type], body: ByteBuffer(string: body)
                ) { ($0.status, String(buffer: $0.body)) }
            }
            #expect(try await send("/plain", 5).0 == .unsupportedMediaType)
            #expect(try await send("/files", 5, type: "text/plain").0 == .unsupportedMediaType)
            #expect(try await send("/files", 5, type: "multipart/form-data").0 == .unsupportedMediaType)
            #expect(try await send("/files", 5) == (.ok, #"["a"] ["f"] false"#))
            #expect(try await send("/files", 5_000) == (.ok, #"["a"] [] true"#))
            #expect(try await send("/files", 9_000).0 == .contentTooLarge)
        }
    }
}
