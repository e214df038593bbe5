internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// What is known about a request besides what it says itself: where it came from.
package struct SiteContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    private let remote: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remote = source.channel.remoteAddress
    }

    /// The other end of the connection; nil where that has no IP address, as in a test without a network.
    package var peer: PeerAddress? { remote?.ipAddress.flatMap(PeerAddress.init) }

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
