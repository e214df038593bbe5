import ArgumentParser
import Configuration
import Foundation
import Kith
import Storage
import Web

/// Where settings come from: flags over environment over file.
struct SettingFlags: ParsableArguments {
    @Option(help: "Where the data live: sqlite:///path or postgres://… (KITH_DATABASE).")
    var database: String?

    @Option(help: "A JSON file with settings (KITH_CONFIG).")
    var config: String?

    /// The settings of a command that has no other flags for them.
    func read() async throws -> Settings {
        try await Settings.read(database.map { ["database": $0] } ?? [:], config: config)
    }
}

/// The name of a setting: as a flag, in a settings file, and with KITH_ before it in the environment.
enum SettingName: String, CaseIterable {
    case database, port, host, address
    case trustedProxy = "trusted-proxy"
    case masterKey = "master-key"
    case masterKeyCommand = "master-key-command"
    case backupFolder = "backup-folder"
    case backupHours = "backup-hours"
    case backupKeep = "backup-keep"
    case certificate
    case certificateKey = "certificate-key"
    case plainHTTP = "plain-http"
    case mailServer = "mail-server"
    case mailFrom = "mail-from"
    case mailUser = "mail-user"
    case mailPassword = "mail-password"
    case mailAuthorities = "mail-authorities"
    case textGateway = "text-gateway"
    case textHeaders = "text-headers"
    case textFormat = "text-format"
    case textBody = "text-body"
    case carrierTimeout = "carrier-timeout"
    case turnAddress = "turn-address"
    case turnSecret = "turn-secret"
    case stunAddress = "stun-address"
    case jitsiAddress = "jitsi-address"
    case jitsiApp = "jitsi-app"
    case jitsiSecret = "jitsi-secret"
}

/// What an operator can set.
struct Settings: Sendable {
    let database: StoreURL
    let port: Int
    /// The interface to listen on.
    let host: String
    /// The address people type.
    let address: String
    /// Proxies in front of Kith, whose word counts on where a request came from.
    var trustedProxies: Set<PeerAddress> = []
    /// Where the master keys are.
    let masterKeys: MasterKeys
    /// Where backups go while Kith serves; nil: nowhere.
    var backups: BackupKeeper.Plan?
    /// The PEM files with which Kith speaks TLS itself; nil where it leaves that to a proxy.
    var certificate: (chain: String, key: String)?
    /// Whether the operator has said that people may come without TLS.
    var allowsPlainHTTP = false
    /// Who takes mail and text messages.
    var carriers = CarrierSettings()
    /// What meetings by video stand on.
    var video = VideoServers()

    /// - Parameters:
    ///   - flags: what stood on the command line, by setting name.
    /// - Throws: ``OpenError`` in one plain sentence.
    static func read(_ flags: [String: String], config path: String?) async throws -> Settings {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "kith")
        var providers: [any ConfigProvider] = [provider("flags", flags), environment]
        if let path = path ?? ProcessInfo.processInfo.environment["KITH_CONFIG"] {
            providers.append(provider("file", try SettingsFile.read(path)))
        }
        let reader = ConfigReader(providers: providers)
        func text(_ name: SettingName) -> String? { reader.string(forKey: ConfigKey(name.rawValue)) }
        let database = text(.database) ?? Self.usualDatabase()
        guard let port = text(.port).map({ Int($0) }) ?? 8080, (0...65_535).contains(port) else {
            throw OpenError("The port must be a number from 1 to 65535.")
        }
        let address = text(.address) ?? "http://localhost:\(port)"
        guard address.hasPrefix("http://") || address.hasPrefix("https://"), !address.hasSuffix("/") else {
            throw OpenError("The address must be like https://support.example.org, without a slash at its end.")
        }
        let url = try StoreURL(database)
        var keys = MasterKeys.usual(for: url)
        if let command = text(.masterKeyCommand) { keys = .command(command) }
        if let file = text(.masterKey) { keys = .file(file) }
        return Settings(
            database: url, port: port, host: text(.host) ?? "127.0.0.1",
            address: address, trustedProxies: try Self.proxies(text(.trustedProxy) ?? ""), masterKeys: keys,
            backups: try backups(text),
            certificate: try Self.certificate(text(.certificate), text(.certificateKey)),
            allowsPlainHTTP: try Self.yes(text(.plainHTTP), .plainHTTP),
            carriers: try CarrierSettings.read(text), video: try VideoServers.read(text))
    }

    private static func backups(_ text: (SettingName) -> String?) throws -> BackupKeeper.Plan? {
        try text(.backupFolder).map { folder in
            try BackupKeeper.Plan(
                folder: folder, hours: text(.backupHours) ?? "24", keep: text(.backupKeep) ?? "14")
        }
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                }))
    }

    /// Addresses with commas between.
    static func proxies(_ text: String) throws -> Set<PeerAddress> {
        Set(
            try text.split(separator: ",").map { part in
                guard let address = PeerAddress(String(part)) else {
                    throw OpenError(
                        "A trusted proxy is an IP address such as 127.0.0.1, or several with commas between.")
                }
                return address
            })
    }

    private static func certificate(_ chain: String?, _ key: String?) throws -> (chain: String, key: String)? {
        switch (chain, key) {
        case (let chain?, let key?): return (chain, key)
        case (nil, nil): return nil
        default: throw OpenError("A certificate and its key go together: set both --certificate and --certificate-key.")
        }
    }

    private static func yes(_ text: String?, _ name: SettingName) throws -> Bool {
        switch text?.lowercased() {
        case nil, "no", "false": return false
        case "yes", "true": return true
        default: throw OpenError("The setting “\(name.rawValue)” is yes or no.")
        }
    }

    /// Without any setting: a file in the folder the command is run in.
    private static func usualDatabase() -> String {
        "sqlite://\(FileManager.default.currentDirectoryPath)/kith.sqlite"
    }
}
