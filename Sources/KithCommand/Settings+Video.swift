import Foundation
import Kith
import Storage

extension VideoServers {
    /// - Parameter text: what was set, by name.
    /// - Throws: ``OpenError`` in one plain sentence.
    static func read(_ text: (SettingName) -> String?) throws -> VideoServers {
        var video = VideoServers()
        video.finders = try addresses(text(.stunAddress), .stunAddress, ["stun", "stuns"])
        let relays = try addresses(text(.turnAddress), .turnAddress, ["turn", "turns"])
        switch (relays.isEmpty, text(.turnSecret)) {
        case (true, nil): break
        case (false, let secret?) where !secret.isEmpty: video.relay = Relay(relays, secret: secret)
        default: throw OpenError("A relay needs both turn-address and turn-secret.")
        }
        switch (text(.jitsiAddress), text(.jitsiApp), text(.jitsiSecret)) {
        case (nil, nil, nil): break
        case (let address?, let app?, let secret?) where !app.isEmpty && !secret.isEmpty:
            guard let parts = URLComponents(string: address), parts.scheme == "https", parts.host?.isEmpty == false,
                parts.path.isEmpty
            else {
                throw OpenError("The Jitsi address must be like https://meet.example.org, without a slash at its end.")
            }
            video.jitsi = Jitsi(address, app: app, secret: secret)
        default: throw OpenError("A Jitsi server needs jitsi-address, jitsi-app and jitsi-secret.")
        }
        return video
    }

    /// Addresses with commas between.
    private static func addresses(_ text: String?, _ name: SettingName, _ schemes: [String]) throws -> [String] {
        try (text ?? "").split(separator: ",").map { part in
            let address = String(part.trimmed)
            let parts = address.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, schemes.contains(parts[0]), !parts[1].isEmpty, !parts[1].hasPrefix("/"),
                !address.contains(where: \.isWhitespace)
            else {
                throw OpenError(
                    "The setting “\(name.rawValue)” must be like \(schemes[0]):turn.example.org:3478, or several with "
                        + "commas between.")
            }
            return address
        }
    }
}
