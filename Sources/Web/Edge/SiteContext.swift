internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// What is known about a request besides what it says itself: where it came from.
package struct SiteContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    private let remote: SocketAddress?
    private let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        remote = channel.remoteAddress
    }

    /// The other end of the connection; nil where that has no IP address, as in a test without a network.
    package var peer: PeerAddress? { remote?.ipAddress.flatMap(PeerAddress.init) }

    /// Calls `act` once when the client leaves before its response has ended; at once when it has left already. Costs no
    /// task that waits for it. It hears of half a leaving, where the client sends no more, on a server by
    /// ``ServerLimits`` alone.
    func whenLeft(_ act: @escaping @Sendable () -> Void) {
        channel.eventLoop.execute {
            if let connection = ConnectionGuard.on(channel) {
                connection.whenLeft(act)
            } else {
                channel.closeFuture.whenComplete { _ in act() }
            }
        }
    }

    /// Who sent the request. Anybody can write an `X-Forwarded-For`, so it counts only behind one of `proxies`, and
    /// only as far as those have written it: from the right up to the first address that is none of them.
    package func client(of request: Request, behind proxies: Set<PeerAddress>) -> PeerAddress? {
        guard !proxies.isEmpty, let peer, proxies.contains(peer), let name = HTTPField.Name("X-Forwarded-For") else {
            return peer
        }
        for text in request.headers[values: name].joined(separator: ",").split(separator: ",").reversed() {
            guard let address = PeerAddress(String(text)) else { return peer }
            if !proxies.contains(address) { return address }
        }
        return peer
    }
}
