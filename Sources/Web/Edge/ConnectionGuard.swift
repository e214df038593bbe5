internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Sits on every connection, on HTTP/2 on every stream, and closes it when the other side is too slow or a response asks
/// for it.
///
/// What middleware cannot do: it does not see a body that arrives after the response, a client that stops reading, or a
/// route that never returns.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let requestLimit: TimeAmount
    private let stallLimit: TimeAmount

    private var isReading = false
    /// Bytes of the body since the timer began.
    private var arrived = 0
    private var responsesOwed = 0
    private var hasResponseBegun = false
    private var closesAfterResponse = false
    private var requestTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?
    private var endTimer: Scheduled<Void>?
    /// Whether this is a stream of HTTP/2, and the guard of the connection it is on.
    private var isStream = false
    private var connection: TransportGuard?
    /// What is to happen when the client leaves before its response has ended.
    private var onLeave: (@Sendable () -> Void)?
    private var hasLeft = false

    /// The guard of a connection; nil on one that has none. On its event loop only.
    static func on(_ channel: any Channel) -> ConnectionGuard? {
        try? channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
    }

    /// Calls `act` once when the client leaves before the response that is under way has ended; at once when it has left
    /// already. On the connection's event loop only.
    func whenLeft(_ act: @escaping @Sendable () -> Void) {
        if hasLeft { act() } else { onLeave = act }
    }

    /// - Parameters:
    ///   - requestLimit: From the end of a request's head until its body has been read and its response has begun.
    ///   - stallLimit: How long written bytes may wait for the client to take any of them.
    init(requestLimit: TimeAmount, stallLimit: TimeAmount) {
        (self.requestLimit, self.stallLimit) = (requestLimit, stallLimit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if RequestTarget.add(to: context.pipeline) {
            // Small writes, such as events, leave at once. Not every kind of socket has the option.
            _ = context.channel.setOption(.tcpOption(.tcp_nodelay), value: 1)
        } else {
            isStream = true
            connection = TransportGuard.on(context.channel.parent)
            connection?.streamOpened()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // On HTTP/2 the input of a stream is closed with every request that has been read.
        if !isStream, case ChannelEvent.inputClosed = event { tellLeaving() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            responsesOwed += 1
            // A request sent before the last one was answered has its turn when that response ends.
            if responsesOwed == 1 { startRequestTimer(context) }
        case .body(let bytes):
            // What is large and comes at a fair pace has more time.
            arrived += bytes.readableBytes
            if arrived >= ServerLimits.fairShare, !hasResponseBegun { startRequestTimer(context) }
        case .end:
            isReading = false
            stopRequestTimerIfDone()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            hasResponseBegun = true
            stopRequestTimerIfDone()
            closesAfterResponse = closesAfterResponse || head.headerFields[.connection]?.lowercased() == "close"
            // On HTTP/2 the field must not be sent (RFC 9113, 8.2.2); there it is the stream that ends.
            if isStream { head.headerFields[.connection] = nil }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            onLeave = nil
            responsesOwed -= 1
            if responsesOwed > 0 { startRequestTimer(context) }
            guard closesAfterResponse || isStream else { return context.write(data, promise: promise) }
            let written = promise ?? context.eventLoop.makePromise()
            // A client of HTTP/2 may leave even a short response in our hands, by opening no window for it.
            if isStream { endTimer = schedule(context, in: stallLimit) { $0.close(promise: nil) } }
            written.futureResult.assumeIsolated().whenComplete { [self] _ in
                endTimer?.cancel()
                endTimer = nil
                // Hummingbird keeps a connection open whatever the response says. All of it has to be out before.
                if closesAfterResponse { context.close(promise: nil) }
            }
            context.writeAndFlush(data, promise: written)
        default:
            context.write(data, promise: promise)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallTimer?.cancel()
        stallTimer = nil
        if !context.channel.isWritable {
            stallTimer = schedule(context, in: stallLimit) { $0.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    private func startRequestTimer(_ context: ChannelHandlerContext) {
        requestTimer?.cancel()
        (hasResponseBegun, arrived) = (false, 0)
        requestTimer = schedule(context, in: requestLimit) { [self] context in
            if !hasResponseBegun {
                let fields: HTTPFields = [.connection: "close", .contentLength: "0"]
                let head = HTTPResponse(status: .requestTimeout, headerFields: fields)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
            context.close(promise: nil)
        }
    }

    private func stopRequestTimerIfDone() {
        guard !isReading, hasResponseBegun else { return }
        requestTimer?.cancel()
        requestTimer = nil
    }

    private func schedule(
        _ context: ChannelHandlerContext, in delay: TimeAmount,
        _ work: @escaping (ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) { work(context) }
    }

    private func tellLeaving() {
        hasLeft = true
        onLeave?()
        onLeave = nil
    }

    private func leave() {
        tellLeaving()
        for timer in [requestTimer, stallTimer, endTimer] { timer?.cancel() }
        (requestTimer, stallTimer, endTimer) = (nil, nil, nil)
        connection?.streamClosed()
        connection = nil
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
