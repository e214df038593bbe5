internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Sits on every connection and closes it when the other side is too slow or a response asks for it.
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
    private var responsesOwed = 0
    private var hasResponseBegun = false
    private var closesAfterResponse = false
    private var requestTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - requestLimit: From the end of a request's head until its body has been read and its response has begun.
    ///   - stallLimit: How long written bytes may wait for the client to take any of them.
    init(requestLimit: TimeAmount, stallLimit: TimeAmount) {
        (self.requestLimit, self.stallLimit) = (requestLimit, stallLimit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Small writes, such as events, leave at once. Not every kind of socket has the option.
        _ = context.channel.setOption(.tcpOption(.tcp_nodelay), value: 1)
        RequestTarget.add(to: context.pipeline)
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            responsesOwed += 1
            // A request sent before the last one was answered has its turn when that response ends.
            if responsesOwed == 1 { startRequestTimer(context) }
        case .body: break
        case .end:
            isReading = false
            stopRequestTimerIfDone()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            hasResponseBegun = true
            stopRequestTimerIfDone()
            closesAfterResponse = closesAfterResponse || head.headerFields[.connection]?.lowercased() == "close"
            context.write(data, promise: promise)
        case .end:
            responsesOwed -= 1
            if responsesOwed > 0 { startRequestTimer(context) }
            guard closesAfterResponse else { return context.write(data, promise: promise) }
            // Hummingbird keeps a connection open whatever the response says.
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
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
        hasResponseBegun = false
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

    private func cancelTimers() {
        requestTimer?.cancel()
        stallTimer?.cancel()
        (requestTimer, stallTimer) = (nil, nil)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
