package import Hummingbird
package import HummingbirdCore
internal import HummingbirdHTTP2
internal import Logging
internal import NIOCore

/// What a connection may cost the server. Hummingbird has none of these limits by default.
package struct ServerLimits: Sendable {
    /// Connections open at once; further ones wait in the system's queue.
    package var connections = 12_000
    /// How long a connection may be silent between requests, and how long the head of a request may take.
    package var idle: Duration = .seconds(10)
    /// From a request's head until its body has been read and the response has begun. A little more than `Deadline`
    /// allows, which answers in better words.
    package var request: Duration = .seconds(12)
    /// So many bytes of a body give a request its time anew: a file may take longer than a form, but not be dripped.
    package static let fairShare = 262_144
    /// How long a client may leave its response unread, once so much waits that the system takes no more.
    package var stall: Duration = .seconds(10)
    /// All header fields of a request together, in bytes.
    package var headerSize = 32_768

    /// How many that the system has taken may wait to be taken by the server. Where more come at once, the system leaves
    /// some half open: a client that says nothing would never learn that nobody listens.
    package var waiting = 4_096

    package init() {}

    /// The server, with these limits on each of its connections. Connections send small writes at once (TCP_NODELAY)
    /// and are closed after a response with `Connection: close`.
    package var server: HTTPServerBuilder { .http1(configuration: connection) }

    /// The same with TLS, where browsers choose between HTTP/2 and HTTP/1.1. On HTTP/2 the limits hold for each stream,
    /// and a connection without one is closed like a silent one.
    package func server(_ certificate: ServerCertificate) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let base = try HTTP2UpgradeChannel(
                tlsConfiguration: certificate.configuration,
                configuration: .init(
                    idleTimeout: idle, gracefulCloseTimeout: request, streamConfiguration: connection),
                responder: responder)
            return SecureChannel(base: base, idle: TimeAmount(idle), stall: TimeAmount(stall))
        }
    }

    private var connection: HTTP1Channel.Configuration {
        let (request, stall) = (TimeAmount(request), TimeAmount(stall))
        return .init(
            additionalChannelHandlers: [ConnectionGuard(requestLimit: request, stallLimit: stall)],
            idleTimeout: TimeAmount(idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: headerSize, maxHeaderListSize: headerSize, maxHeaderFieldCount: 100))
    }

    /// The address to listen on, with the ceiling on connections. The response does not name the server software.
    package func configuration(address: BindAddress) -> ApplicationConfiguration {
        ApplicationConfiguration(
            address: address, serverName: nil, backlog: waiting,
            availableConnectionsDelegate: MaximumAvailableConnections(connections))
    }
}
