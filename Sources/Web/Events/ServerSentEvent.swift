package import Hummingbird

/// One event of an event stream, put into its wire form once, however many readers it goes to.
package struct ServerSentEvent: Sendable, Equatable {
    /// What the browser sends back as `Last-Event-ID` when it reconnects.
    package let id: String?
    /// The kind of event scripts listen for; `message` when nil.
    package let event: String?
    package let data: String

    /// The event as sent (WHATWG HTML, 9.2.5), with the blank line that ends it.
    let frame: ByteBuffer

    /// - Parameters:
    ///   - id: Line breaks and NUL, which cannot be sent, are left out.
    ///   - event: Likewise.
    ///   - data: May have several lines, ended by LF, CR LF or CR; readers get them joined by LF.
    package init(id: String? = nil, event: String? = nil, data: String) {
        (self.id, self.event, self.data) = (id.map(Self.oneLine), event.map(Self.oneLine), data)
        var frame = ByteBuffer()
        if let id = self.id { frame.writeString("id: \(id)\n") }
        if let event = self.event { frame.writeString("event: \(event)\n") }
        for line in data.withPlainLineBreaks.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            frame.writeStaticString("data: ")
            frame.writeBytes(line)
            frame.writeStaticString("\n")
        }
        frame.writeStaticString("\n")
        self.frame = frame
    }

    private static func oneLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        line.append(contentsOf: text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" })
        return String(line)
    }
}

extension Request {
    /// The last event a browser saw before it had to reconnect; nil if this is its first connection, or if what it sent
    /// is longer than any identifier or not printable.
    package var lastEventID: String? {
        guard let id = headers[.lastEventID], !id.isEmpty, id.utf8.count <= 128,
            id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return id
    }
}
