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
        let scheme = encryption == .tls ? "smtps" : "smtp"
        let helo = message.senderAddress.split(separator: "@").last.map(String.init) ?? "localhost"
        var transfer = Transfer(url: "\(scheme)://\(host):\(port)/\(helo)", timeout: timeout)
        transfer.body = try message.bytes()
        transfer.numbers = [(CURLOPT_UPLOAD, 1)]
        transfer.texts = [(CURLOPT_MAIL_FROM, "<\(message.senderAddress)>"), (CURLOPT_PROTOCOLS_STR, scheme)]
        transfer.lists = [(CURLOPT_MAIL_RCPT, ["<\(message.recipient)>"])]
        if encryption == .startTLS { transfer.numbers.append((CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))) }
        if let login {
            transfer.texts += [(CURLOPT_USERNAME, login.name), (CURLOPT_PASSWORD, login.password)]
        }
        if let authorities { transfer.texts.append((CURLOPT_CAINFO, authorities)) }
        _ = try await transfer.run()
    }
}
