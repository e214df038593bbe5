import ArgumentParser
import Foundation
import Hummingbird
import Kith
import Logging
import NIOCore
import Screening
import ServiceLifecycle
import Storage
import UnixSignals
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve Kith.",
        discussion: """
            Creates and prepares the database when it is new. Ctrl-C or SIGTERM stops it cleanly.

            With KITH_BACKUP_FOLDER it makes a backup every day (KITH_BACKUP_HOURS), restores it for a trial, and keeps
            the last 14 (KITH_BACKUP_KEEP).

            Mail and text messages leave once KITH_MAIL_SERVER and KITH_MAIL_FROM, or KITH_TEXT_GATEWAY, are set.

            Meetings by video work from any network once KITH_TURN_ADDRESS and KITH_TURN_SECRET name a relay.
            """)

    @OptionGroup var flags: SettingFlags
    @Option(help: "The port to listen on (KITH_PORT).") var port: String?
    @Option(help: "The interface to listen on (KITH_HOST).") var host: String?
    @Option(help: "The address people type, such as https://support.example.org (KITH_ADDRESS).") var address: String?
    @Option(help: "The IP address of a proxy whose X-Forwarded-For counts (KITH_TRUSTED_PROXY).")
    var trustedProxy: String?
    @Option(help: "A PEM file with the certificate, to serve https without a proxy (KITH_CERTIFICATE).")
    var certificate: String?
    @Option(help: "The PEM file with the certificate's key (KITH_CERTIFICATE_KEY).") var certificateKey: String?
    @Option(help: "yes: people may come without TLS; for a closed network only (KITH_PLAIN_HTTP).")
    var plainHttp: String?

    func run() async throws {
        try await failing {
            let given: [SettingName: String?] = [
                .database: flags.database, .port: port, .host: host, .address: address, .trustedProxy: trustedProxy,
                .certificate: certificate, .certificateKey: certificateKey, .plainHTTP: plainHttp
            ]
            let values = Dictionary(
                uniqueKeysWithValues: given.compactMap { name, value in value.map { (name.rawValue, $0) } })
            let settings = try await Settings.read(values, config: flags.config)
            try settings.checkSafety()
            let certificate = try settings.loadCertificate()
            // Beside the opening of the store, so that a server is ready soon; `serve` waits for it.
            Task.detached { RuleBook.shared }
            let platform = try await Platform.open(settings.database, keys: settings.masterKeys)
            try await serve(platform, settings, certificate)
        }
    }
}

/// Serves until a signal asks to stop: accepts nothing new, lets streams say goodbye, finishes what was begun, closes
/// the store.
/// - Parameter certificate: what Kith speaks TLS with; nil where it leaves that to a proxy.
func serve(_ platform: Platform, _ settings: Settings, _ certificate: ServerCertificate?) async throws {
    LoggingSystem.bootstrap { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel =
            ProcessInfo.processInfo.environment["KITH_LOG"].flatMap(Logger.Level.init(rawValue:)) ?? .notice
        return handler
    }
    let log = Logger(label: "kith")
    // Before the first message, so that nobody waits for them.
    async let rules = Task.detached { try RuleBook.shared.get() }.value
    let carriers = settings.carriers.carriers
    let platform = platform.carrying(Set(carriers.keys)).meeting(through: settings.video)
    let limits = ServerLimits()
    OpenFiles.raiseLimit()
    let place = Place(address: settings.address, proxies: settings.trustedProxies)
    if place.isSecure, place.proxies.isEmpty, certificate == nil {
        tell("Limits on wrong passwords count by address. Behind a proxy, name it with --trusted-proxy.")
    }
    let app = Application(
        router: platform.router(at: place, log: log),
        server: certificate.map(limits.server) ?? limits.server,
        configuration: limits.configuration(address: .hostname(settings.host, port: settings.port)),
        onServerRunning: { _ in tell("Kith is serving on \(settings.address). Ctrl-C stops it.") }, logger: log)
    var services: [any Service] = [
        app, Sealer(platform: platform, log: log), LadderClimber(platform: platform, log: log),
        MeetingPlanner(platform: platform, log: log)
    ]
    if let plan = settings.backups { services.append(BackupKeeper(plan: plan, platform: platform, log: log)) }
    if let certificate { services.append(CertificateRenewal(of: certificate)) }
    for (channel, carrier) in carriers {
        let worker = OutboxWorker(
            for: channel, by: carrier, on: platform, site: settings.address,
            lease: settings.carriers.timeout + 15, log: log)
        services.append(OutboxService(worker: worker))
    }
    if case .sqlite(let path) = settings.database {
        // This process alone holds the file, so whatever is claimed was claimed by one that is gone.
        try await platform.releaseClaims()
        services.append(
            try ControlSocket.application(for: platform, database: path, address: settings.address, log: log))
    }
    _ = try await rules
    // By default a service's name is all that it holds: every template, and the secrets of carriers and relay, in what
    // is logged.
    var configuration = ServiceGroupConfiguration(
        services: services.map { .init(service: $0, serviceName: "\(type(of: $0))") },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
    configuration.maximumGracefulShutdownDuration = .seconds(10)
    do {
        try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
        await platform.store.close()
        let place = "\(settings.host) port \(settings.port)"
        switch error.errnoCode {
        case EADDRINUSE: throw OpenError("Kith cannot listen on \(place): another program does already.")
        case EACCES: throw OpenError("Kith cannot listen on \(place): this user may not use that port.")
        default: throw error
        }
    } catch {
        await platform.store.close()
        throw error
    }
    await platform.store.close()
    tell("Kith has stopped.")
}
