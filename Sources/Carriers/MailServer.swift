internal import CCurl

/// A mail server that takes mail for others, by SMTP (RFC 5321).
package struct MailServer: Sendable, Equatable {
    package enum Encryption: Sendable, Equatable {
        /// From the first byte on, usually at port 465.
        case tls
        /// After a plain greeting, usually at port 587; without it nothing is sent.
        case startTLS
        /// For a server on this machine only.
        case none
    }

    package var host: String
    package var port: Int
    package var encryption: Encryption
    package var login: (name: String, password: String)?
    package var timeout: Duration
    /// A file with the certificates of who vouches for it, where those of the system do not.
    package var authorities: String?

    package init(
        host: String, port: Int, encryption: Encryption, login: (name: String, password: String)? = nil,
        timeout: Duration = .seconds(30)
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.login = login
        self.timeout = timeout
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.host == second.host && first.port == second.port && first.encryption == second.encryption
            && first.login?.name == second.login?.name && first.login?.password == second.login?.password
            && first.timeout == second.timeout && first.authorities == second.authorities
    }

    /// Hands over one mail. Returns when the server has said that it took it.
    package func send(_ message: MailMessage) async throws(CarrierFailure) {
        var transfer = transfer(from: message.senderAddress)
        transfer.body = try message.bytes()
        transfer.numbers.append((CURLOPT_UPLOAD, 1))
        transfer.texts.append((CURLOPT_MAIL_FROM, "<\(message.senderAddress)>"))
        transfer.lists = [(CURLOPT_MAIL_RCPT, ["<\(message.recipient)>"])]
        _ = try await transfer.run()
    }

    /// Goes as far as a mail would go, encryption and signing in included, and leaves without one.
    /// - Parameter sender: the address that mails would come from.
    package func greet(as sender: String) async throws(CarrierFailure) {
        var transfer = transfer(from: sender)
        transfer.texts.append((CURLOPT_CUSTOMREQUEST, "NOOP"))
        _ = try await transfer.run()
    }

    private func transfer(from sender: String) -> Transfer {
        let scheme = encryption == .tls ? "smtps" : "smtp"
        let helo = sender.split(separator: "@").last.map(String.init) ?? "localhost"
        var transfer = Transfer(url: "\(scheme)://\(host):\(port)/\(helo)", timeout: timeout)
        transfer.texts = [(CURLOPT_PROTOCOLS_STR, scheme)]
        if encryption == .startTLS { transfer.numbers = [(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))] }
        if let login {
            transfer.texts += [(CURLOPT_USERNAME, login.name), (CURLOPT_PASSWORD, login.password)]
        }
        if let authorities { transfer.texts.append((CURLOPT_CAINFO, authorities)) }
        return transfer
    }
}
