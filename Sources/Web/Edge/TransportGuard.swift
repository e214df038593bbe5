internal import NIOCore
internal import NIOTLS

/// Sits on a connection with TLS, below its HTTP, and closes it when the other side does not finish the handshake, takes
/// nothing of what was written, or holds an HTTP/2 connection open without asking for anything.
///
/// What `ConnectionGuard` cannot see: on HTTP/2 it sits on each stream, and a connection may be without one.
final class TransportGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// After the library has said goodbye to a silent HTTP/2 connection, which it does first, the other side has this
    /// long to answer.
    private static let grace = TimeAmount.seconds(1)

    private let idle: TimeAmount
    private let stall: TimeAmount

    private var context: ChannelHandlerContext?
    private var isHTTP2 = false
    private var isLeaving = false
    private var streams = 0
    private var idleTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - idle: how long the handshake may take, and how long an HTTP/2 connection may be without a stream.
    ///   - stall: how long written bytes may wait for the other side to take any of them.
    init(idle: TimeAmount, stall: TimeAmount) {
        (self.idle, self.stall) = (idle, stall)
    }

    /// The guard of a connection, for the streams on it.
    static func on(_ channel: (any Channel)?) -> TransportGuard? {
        try? channel?.pipeline.syncOperations.handler(type: TransportGuard.self)
    }

    func streamOpened() {
        streams += 1
        idleTimer?.cancel()
        idleTimer = nil
    }

    func streamClosed() {
        streams -= 1
        if streams == 0 { startIdleTimer(isLeaving ? Self.grace : idle + Self.grace) }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Small writes, such as events, leave at once. Not every kind of socket has the option.
        _ = context.channel.setOption(.tcpOption(.tcp_nodelay), value: 1)
        startIdleTimer(idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        cancelTimers()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated):
            isHTTP2 = negotiated == "h2"
            idleTimer?.cancel()
            idleTimer = nil
            // On HTTP/1.1 the library minds silence itself.
            if isHTTP2 { startIdleTimer(idle + Self.grace) }
        case is ChannelShouldQuiesceEvent:
            isLeaving = true
            if isHTTP2, streams == 0 { startIdleTimer(Self.grace) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallTimer?.cancel()
        stallTimer = nil
        if !context.channel.isWritable { stallTimer = closing(in: stall) }
        context.fireChannelWritabilityChanged()
    }

    private func startIdleTimer(_ delay: TimeAmount) {
        idleTimer?.cancel()
        idleTimer = closing(in: delay)
    }

    private func closing(in delay: TimeAmount) -> Scheduled<Void>? {
        guard let context else { return nil }
        return context.eventLoop.assumeIsolated().scheduleTask(in: delay) { context.close(promise: nil) }
    }

    private func cancelTimers() {
        idleTimer?.cancel()
        stallTimer?.cancel()
        (idleTimer, stallTimer) = (nil, nil)
    }
}

@available(*, unavailable)
extension TransportGuard: Sendable {}
