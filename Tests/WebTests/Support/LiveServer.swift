import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing
import Web

/// A server on a real socket, for what only shows there.
struct LiveServer: Sendable {
    let port: Int
    let group: ServiceGroup

    /// One connection, closed afterwards.
    /// - Parameter reads: Without it nothing is taken from the socket until `startReading`.
    func connect<R: Sendable>(
        reads: Bool = true, _ use: @Sendable (Connection) async throws -> R
    ) async throws -> R {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if !reads {
            bootstrap = bootstrap.channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 4_096)
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await use(Connection(channel: channel.channel, inbound: inbound, outbound: outbound))
        }
    }

    /// Sends a whole request and reads until the server closes.
    func exchange(_ request: String) async throws -> (status: Int, head: String, body: String) {
        try await connect { connection in
            try await connection.send(request)
            return split(try await connection.readToEnd())
        }
    }

    /// One task reads, any may send.
    final class Connection: Sendable {
        // Only the one task that reads uses it.
        private nonisolated(unsafe) var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private let channel: any Channel

        init(
            channel: any Channel, inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            iterator = inbound.makeAsyncIterator()
            (self.outbound, self.channel) = (outbound, channel)
        }

        func finishSending() { outbound.finish() }

        func startReading() async throws { try await channel.setOption(.autoRead, value: true).get() }

        func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

        /// Everything until the server closes. A reset counts as an end.
        func readToEnd() async throws -> String {
            var text = ""
            do {
                while let bytes = try await iterator.next() { text += String(buffer: bytes) }
            } catch is IOError {}
            return text
        }

        /// Reads until something has arrived; what follows in the same stretch is returned as well.
        func read(until mark: String) async throws -> String {
            var text = ""
            while !text.contains(mark), let bytes = try await iterator.next() { text += String(buffer: bytes) }
            return text
        }
    }
}

func split(_ answer: String) -> (status: Int, head: String, body: String) {
    let end = answer.firstRange(of: "\r\n\r\n")
    let head = String(answer[..<(end?.lowerBound ?? answer.endIndex)])
    let body = end.map { String(answer[$0.upperBound...]) } ?? ""
    return (Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0, head, body)
}

/// Runs a server for the time of `use`. Afterwards it is shut down gracefully, and must be gone by then.
/// - Parameter certificate: with which it speaks TLS; without TLS when nil.
func withServer<Context: RequestContext, R: Sendable>(
    _ router: Router<Context>, limits: ServerLimits = ServerLimits(),
    certificate: ServerCertificate? = nil,
    _ use: @Sendable (LiveServer) async throws -> R
) async throws -> R where Context.Source == ApplicationRequestContextSource {
    let (ports, port) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let app = Application(
        router: router, server: certificate.map(limits.server) ?? limits.server,
        configuration: limits.configuration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
    let group = ServiceGroup(configuration: .init(services: [app], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let port = try #require(await ports.first { _ in true })
        let result: Result<R, any Error>
        do {
            result = .success(try await use(LiveServer(port: port, group: group)))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}
