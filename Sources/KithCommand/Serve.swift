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
            Creates and prepares the database when it is new, and prints a link with which to set it up. Ctrl-C or
            SIGTERM stops it cleanly.

            With KITH_BACKUP_FOLDER it makes a backup every day (KITH_BACKUP_HOURS), restores it for a trial, and keeps
            the last 14 (KITH_BACKUP_KEEP).

            Mail and text messages leave once KITH_MAIL_SERVER and KITH_MAIL_FROM, or KITH_TEXT_GATEWAY, are set.

            Text messages that people send come to /text-messages once KITH_TEXTS_SECRET is set.

            Meetings by video work from any network once KITH_TURN_ADDRESS and KITH_TURN_SECRET name a relay.
            """)

    @OptionGroup var flags: SettingFlags
    @OptionGroup var serving: ServingFlags

    func run() async throws {
        try await failing {
            let settings = try await serving.read(flags)
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
        .receiving(texts: settings.texts, country: settings.countryCode)
    let link = try await platform.openSetup(mail: carriers[.email])
    let limits = ServerLimits()
    OpenFiles.raiseLimit()
    let place = Place(address: settings.address, proxies: settings.trustedProxies)
    if place.isSecure, place.proxies.isEmpty, certificate == nil {
        tell("Limits on wrong passwords count by address. Behind a proxy, name it with --trusted-proxy.")
    }
    if let texts = settings.texts {
        let organizations = try await platform.store.read {
            try $0.values("SELECT slug FROM organization", as: String.self)
        }
        if let warning = texts.warning(among: organizations) { tell(warning) }
    }
    let app = Application(
        router: platform.router(at: place, log: log),
        server: certificate.map(limits.server) ?? limits.server,
        configuration: limits.configuration(address: .hostname(settings.host, port: settings.port)),
        onServerRunning: { _ in
            tell("Kith is serving on \(settings.address). Ctrl-C stops it.")
            if let link {
                tell("Nobody has set it up yet. Open this, once, in a browser: \(settings.address)/setup/\(link.text)")
            }
        }, logger: log)
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
            try ControlSocket.application(for: platform, database: path, settings: settings, log: log))
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
