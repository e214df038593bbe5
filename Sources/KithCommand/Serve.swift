import ArgumentParser
import Foundation
import Hummingbird
import Kith
import Logging
import NIOCore
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
            """)

    @OptionGroup var flags: SettingFlags
    @Option(help: "The port to listen on (KITH_PORT).") var port: String?
    @Option(help: "The interface to listen on (KITH_HOST).") var host: String?
    @Option(help: "The address people type, such as https://support.example.org (KITH_ADDRESS).") var address: String?
    @Option(help: "The IP address of a proxy whose X-Forwarded-For counts (KITH_TRUSTED_PROXY).")
    var trustedProxy: String?

    func run() async throws {
        try await failing {
            var given: [String: String] = [:]
            given["database"] = flags.database
            given["port"] = port
            given["host"] = host
            given["address"] = address
            given["trusted-proxy"] = trustedProxy
            let settings = try await Settings.read(given, config: flags.config)
            let platform = try await Platform.open(settings.database, keys: settings.masterKeys)
            try await serve(platform, settings)
        }
    }
}

/// Serves until a signal asks to stop: accepts nothing new, lets streams say goodbye, finishes what was begun, closes
/// the store.
func serve(_ platform: Platform, _ settings: Settings) async throws {
    LoggingSystem.bootstrap { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel =
            ProcessInfo.processInfo.environment["KITH_LOG"].flatMap(Logger.Level.init(rawValue:)) ?? .notice
        return handler
    }
    let log = Logger(label: "kith")
    let limits = ServerLimits()
    OpenFiles.raiseLimit()
    let place = Place(address: settings.address, proxies: settings.trustedProxies)
    if place.isSecure, place.proxies.isEmpty {
        tell("Limits on wrong passwords count by address. Behind a proxy, name it with --trusted-proxy.")
    }
    let app = Application(
        router: platform.router(at: place, log: log), server: limits.server,
        configuration: limits.configuration(address: .hostname(settings.host, port: settings.port)),
        onServerRunning: { _ in tell("Kith is serving on \(settings.address). Ctrl-C stops it.") }, logger: log)
    var services: [any Service] = [app, Sealer(platform: platform, log: log)]
    if let plan = settings.backups { services.append(BackupKeeper(plan: plan, platform: platform, log: log)) }
    if case .sqlite(let path) = settings.database {
        services.append(
            try ControlSocket.application(for: platform, database: path, address: settings.address, log: log))
    }
    var configuration = ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
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
