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

/// Where and how Kith is reached.
struct ServingFlags: ParsableArguments {
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

    func read(_ flags: SettingFlags) async throws -> Settings {
        let given: [SettingName: String?] = [
            .database: flags.database, .port: port, .host: host, .address: address, .trustedProxy: trustedProxy,
            .certificate: certificate, .certificateKey: certificateKey, .plainHTTP: plainHttp
        ]
        let values = given.compactMap { name, value in value.map { (name.rawValue, $0) } }
        return try await Settings.read(Dictionary(uniqueKeysWithValues: values), config: flags.config)
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
    case textsFormat = "texts-format"
    case textsFields = "texts-fields"
    case textsProof = "texts-proof"
    case textsSecret = "texts-secret"
    case textsOrganization = "texts-organization"
    case textsPhone = "texts-phone"
    case countryCode = "country-code"
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
    /// How text messages that people send come in; nil where none do.
    var texts: TextDesk?
    /// The calling code of telephone numbers that name no country.
    var countryCode = "1"
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
            carriers: try CarrierSettings.read(text), texts: try TextDesk.read(text),
            countryCode: try TextDesk.country(text), video: try VideoServers.read(text))
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

    /// Without any setting: a file in the folder the command is run in, where there is one, or else in a folder of its
    /// own there.
    private static func usualDatabase() -> String {
        let beside = FileManager.default.currentDirectoryPath + "/kith.sqlite"
        return "sqlite://" + (FileManager.default.fileExists(atPath: beside) ? beside : newDatabase)
    }

    /// Where the first start puts the data when nobody says where.
    private static var newDatabase: String { FileManager.default.currentDirectoryPath + "/kith-data/kith.sqlite" }

    /// Makes the folder of a database that nobody named, for its owner alone. A folder that somebody named is theirs to
    /// make: a mistyped one must not become an empty Kith.
    static func makeUsualFolder(for database: StoreURL) {
        guard case .sqlite(newDatabase) = database else { return }
        let folder = (newDatabase as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }
}
