import Carriers
import Foundation
import Kith
import Storage

/// What an operator set so that mail and text messages can leave. Without any, nothing leaves.
struct CarrierSettings: Sendable {
    var mail: MailCarrier?
    var text: TextCarrier?

    var carriers: [ContactChannel.Kind: any Carrier] {
        var carriers: [ContactChannel.Kind: any Carrier] = [:]
        carriers[.email] = mail
        carriers[.text] = text
        return carriers
    }

    /// How long a server may take for one message.
    var timeout = 30

    /// - Parameter text: what was set, by name.
    /// - Throws: ``OpenError`` in one plain sentence.
    static func read(_ text: (SettingName) -> String?) throws -> CarrierSettings {
        var settings = CarrierSettings()
        if let timeout = text(.carrierTimeout) {
            guard let seconds = Int(timeout), (1...120).contains(seconds) else {
                throw OpenError("The carrier timeout must be a number of seconds from 1 to 120.")
            }
            settings.timeout = seconds
        }
        if let url = text(.mailServer) {
            settings.mail = try mail(
                url, from: text(.mailFrom), user: text(.mailUser),
                password: text(.mailPassword), settings.timeout)
            settings.mail?.server.authorities = text(.mailAuthorities)
        }
        if let url = text(.textGateway) {
            settings.text = try Self.text(
                url, headers: text(.textHeaders), format: text(.textFormat),
                body: text(.textBody), settings.timeout)
        }
        return settings
    }

    private static func mail(
        _ url: String, from: String?, user: String?, password: String?, _ timeout: Int
    ) throws -> MailCarrier {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, ["smtp", "smtps"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.path.isEmpty || parts.path == "/"
        else {
            throw OpenError("The mail server must be like smtp://mail.example.org:587 or smtps://mail.example.org:465.")
        }
        guard let from, from.isMailAddress else {
            throw OpenError("Mail needs a sender: set mail-from to an address such as notes@example.org.")
        }
        guard (user == nil) == (password == nil) else {
            throw OpenError("Set both mail-user and mail-password, or neither.")
        }
        // In clear only to this machine itself.
        let encryption: MailServer.Encryption = scheme == "smtps" ? .tls : isHere(host) ? .none : .startTLS
        let server = MailServer(
            host: host, port: parts.port ?? (scheme == "smtps" ? 465 : 587), encryption: encryption,
            login: user.flatMap { name in password.map { (name, $0) } }, timeout: .seconds(timeout))
        return MailCarrier(server: server, from: from)
    }

    private static func text(
        _ url: String, headers: String?, format: String?, body: String?, _ timeout: Int
    ) throws -> TextCarrier {
        guard let parts = URLComponents(string: url), let host = parts.host, parts.user == nil,
            parts.scheme == "https" || parts.scheme == "http" && isHere(host)
        else { throw OpenError("The text gateway must be an address that begins with https://.") }
        guard let form = TextGateway.Form(rawValue: format ?? "json") else {
            throw OpenError("The text format is json or form.")
        }
        guard let body, body.contains("{{to}}"), body.contains("{{text}}") else {
            throw OpenError("Set text-body to what the gateway takes, with {{to}} and {{text}} in their places.")
        }
        let lines = (headers ?? "").split(separator: "\n").map { String($0.trimmed) }
        return TextCarrier(
            gateway: TextGateway(url: url, headers: lines, form: form, template: body, timeout: .seconds(timeout)))
    }

    private static func isHere(_ host: String) -> Bool { ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host) }
}

/// Hands the product's messages to a mail server.
struct MailCarrier: Carrier {
    var server: MailServer
    let from: String

    func carry(_ letter: Letter) async throws(CarryFailure) {
        let house = from.split(separator: "@").last.map(String.init) ?? "localhost"
        var message = MailMessage(
            id: "\(letter.id)@\(house)", date: Date(), senderName: letter.senderName, senderAddress: from,
            recipient: letter.address, subject: letter.subject, text: letter.text, stopAddress: letter.stopAddress)
        message.calendars = letter.calendars.map { .init(method: $0.method, text: $0.text) }
        do throws(CarrierFailure) {
            try await server.send(message)
        } catch {
            throw CarryFailure(error)
        }
    }
}

/// Hands the product's messages to a gateway for text messages.
struct TextCarrier: Carrier {
    let gateway: TextGateway

    func carry(_ letter: Letter) async throws(CarryFailure) {
        let number = letter.address.filter { $0.isASCII && ($0.isNumber || $0 == "+") }
        do throws(CarrierFailure) {
            try await gateway.send(letter.text, to: number, id: letter.id)
        } catch {
            throw CarryFailure(error)
        }
    }
}

extension CarryFailure {
    init(_ failure: CarrierFailure) {
        self =
            switch failure {
            case .notNow(let reason, let code): .notNow(code > 0 ? "\(reason.rawValue):\(code)" : reason.rawValue)
            case .refused(let code): .refused("refused:\(code)")
            case .unsafeText: .refused("unsafe")
            case .interrupted: .interrupted
            }
    }
}
