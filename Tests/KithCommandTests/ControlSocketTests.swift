import Foundation
import Testing

@testable import KithCommand

@Suite("What a server answers to the command line")
struct ControlSocketTests {
    private func body(_ answer: String) -> String? {
        let bytes = Data(answer.utf8)
        guard let gap = bytes.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        return ControlSocket.unchunked(bytes, after: gap.upperBound).map { String(decoding: $0, as: UTF8.self) }
    }

    private let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test("It is read whole or in chunks")
    func whole() {
        #expect(body("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}") == "{}")
        #expect(body(head + "2\r\n{\"\r\nA\r\na\":\"\r\nbcd\"\r\n1\r\n}\r\n0\r\n\r\n") == "{\"a\":\"\r\nbcd\"}")
    }

    @Test("One that breaks off anywhere is none, and ends nothing")
    func cut() {
        let chunks = "2\r\n{\"\r\na\r\na\":\"\r\nbcd\"\r\n1\r\n}\r\n"
        for length in 0...chunks.utf8.count { #expect(body(head + chunks.prefix(bytes: length)) == nil, "\(length)") }
        for size in ["-1", "7fffffffffffffff", "8000000000000000", "3", "x", ""] {
            #expect(body(head + size + "\r\n{}\r\n0\r\n\r\n") == nil, "\(size)")
        }
    }
}

extension String {
    fileprivate func prefix(bytes count: Int) -> String { String(decoding: utf8.prefix(count), as: UTF8.self) }
}
