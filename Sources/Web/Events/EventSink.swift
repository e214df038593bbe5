internal import Hummingbird

/// Where events for one reader go. Any task may put; nothing waits for the reader.
package struct EventSink: Sendable {
    private let outbox: EventOutbox

    init(_ outbox: EventOutbox) { self.outbox = outbox }

    /// - Returns: whether it is worth going on; not once the reader has left or is too slow.
    @discardableResult
    package func put(_ events: EventBatch) -> Bool { events.isEmpty || outbox.put(events.bytes) }

    /// Whether much waits for the reader already.
    package var isLoaded: Bool { outbox.isLoaded }

    /// Has the stream's ``EventSource`` look again.
    package func nudge() { outbox.nudge() }
}

/// Where the events of one reader come from, without a task of its own: most of the time nothing happens, and ten thousand
/// may wait like that.
package protocol EventSource: Sendable {
    /// Puts what is new into the sink. Asked for at first, and after each ``EventSink/nudge()`` once the reader has taken
    /// what was there; never twice at once. Others may put besides. Cancelled when the stream ends.
    /// - Returns: false when there is nothing more for this reader.
    func step(into sink: EventSink) async -> Bool

    /// The stream has ended, perhaps before a first step.
    func end()
}

/// Events in their wire form, one after the other: made once and put to any number of readers, who share the bytes.
package struct EventBatch: Sendable {
    fileprivate(set) var bytes = ByteBuffer()

    package init() {}
    package init(_ events: [ServerSentEvent]) { for event in events { add(event) } }

    package var isEmpty: Bool { bytes.readableBytes == 0 }

    package mutating func add(_ event: ServerSentEvent) {
        if isEmpty { bytes = event.frame } else { bytes.writeImmutableBuffer(event.frame) }
    }
}
