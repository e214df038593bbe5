package import Hummingbird
package import HummingbirdCore
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
    /// How long a client may leave its response unread.
    package var stall: Duration = .seconds(30)
    /// All header fields of a request together, in bytes.
    package var headerSize = 32_768

    package init() {}

    /// The server, with these limits on each of its connections. Connections send small writes at once (TCP_NODELAY)
    /// and are closed after a response with `Connection: close`.
    package var server: HTTPServerBuilder {
        let (request, stall) = (TimeAmount(request), TimeAmount(stall))
        return .http1(
            configuration: .init(
                additionalChannelHandlers: [ConnectionGuard(requestLimit: request, stallLimit: stall)],
                idleTimeout: TimeAmount(idle),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: headerSize, maxHeaderListSize: headerSize, maxHeaderFieldCount: 100)))
    }

    /// The address to listen on, with the ceiling on connections. The response does not name the server software.
    package func configuration(address: BindAddress) -> ApplicationConfiguration {
        ApplicationConfiguration(
            address: address, serverName: nil, backlog: 1_024,
            availableConnectionsDelegate: MaximumAvailableConnections(connections))
    }
}
