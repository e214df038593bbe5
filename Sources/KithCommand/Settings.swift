import ArgumentParser
import Configuration
import Foundation
import Kith
import Storage
import SystemPackage
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

    /// - Parameters:
    ///   - flags: what stood on the command line, by setting name.
    /// - Throws: ``OpenError`` in one plain sentence.
    static func read(_ flags: [String: String], config path: String?) async throws -> Settings {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "kith")
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.map {
                        (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                    })),
            environment
        ]
        if let path = path ?? ProcessInfo.processInfo.environment["KITH_CONFIG"] {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(path)))
            } catch {
                throw OpenError("The settings file \(path) cannot be read as JSON.")
            }
        }
        let reader = ConfigReader(providers: providers)
        let database = reader.string(forKey: "database") ?? Self.usualDatabase()
        let portText = reader.string(forKey: "port")
        guard let port = portText.map({ Int($0) }) ?? 8080, (0...65_535).contains(port) else {
            throw OpenError("The port must be a number from 1 to 65535.")
        }
        let address = reader.string(forKey: "address") ?? "http://localhost:\(port)"
        guard address.hasPrefix("http://") || address.hasPrefix("https://"), !address.hasSuffix("/") else {
            throw OpenError("The address must be like https://support.example.org, without a slash at its end.")
        }
        let url = try StoreURL(database)
        var keys = MasterKeys.usual(for: url)
        if let command = reader.string(forKey: "master-key-command") { keys = .command(command) }
        if let file = reader.string(forKey: "master-key") { keys = .file(file) }
        return Settings(
            database: url, port: port, host: reader.string(forKey: "host") ?? "127.0.0.1",
            address: address, trustedProxies: try Self.proxies(reader.string(forKey: "trusted-proxy") ?? ""),
            masterKeys: keys,
            backups: try reader.string(forKey: "backup-folder").map { folder in
                try BackupKeeper.Plan(
                    folder: folder, hours: reader.string(forKey: "backup-hours") ?? "24",
                    keep: reader.string(forKey: "backup-keep") ?? "14")
            })
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

    /// Without any setting: a file in the folder the command is run in.
    private static func usualDatabase() -> String {
        "sqlite://\(FileManager.default.currentDirectoryPath)/kith.sqlite"
    }
}
