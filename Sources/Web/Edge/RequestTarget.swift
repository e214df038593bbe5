internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

/// Makes a request whose target is a whole URL ("GET http://host/path") carry that URL's host as its `Host`, as
/// RFC 9112, 3.2.2 asks. The codec after it keeps only the path, so that nobody could tell the host asked for.
final class RequestTarget: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Puts it in its place before the codec, if this is a connection of HTTP/1.1.
    /// - Returns: whether it is.
    static func add(to pipeline: ChannelPipeline) -> Bool {
        let pipeline = pipeline.syncOperations
        guard let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) else { return false }
        try? pipeline.addHandler(RequestTarget(), position: .before(codec))
        return true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.uri.utf8.first != UInt8(ascii: "/"),
            let scheme = head.uri.firstRange(of: "://")
        else { return context.fireChannelRead(data) }
        let authority = head.uri[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        head.headers.replaceOrAdd(name: "Host", value: String(authority))
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

@available(*, unavailable)
extension RequestTarget: Sendable {}
