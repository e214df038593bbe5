import Foundation
import Testing
import Web

@Suite("A server's certificate")
struct ServerCertificateTests {
    /// Expects one sentence that says `reason`.
    private func expectRefusal(
        _ certificates: Certificates, _ reason: String, location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ServerCertificate.Unusable.self, sourceLocation: location) {
            _ = try ServerCertificate(certificate: certificates.certificate, key: certificates.key)
        }
        let said = error?.description ?? ""
        #expect(said.contains(reason) && said.hasSuffix(".") == !reason.contains("chmod"), "\(said)")
    }

    @Test("One that is good is taken")
    func good() async throws {
        try await Certificates.with { certificates throws in
            _ = try ServerCertificate(certificate: certificates.certificate, key: certificates.key)
        }
    }

    @Test("One that cannot be used is refused, in one sentence")
    func refusals() async throws {
        try await Certificates.with { certificates in
            for (script, reason) in [
                ("chmod 604 site.key", "chmod o="), ("chmod 602 site.key", "chmod o="),
                ("rm site.pem", "There is no file"), ("rm site.key", "There is no file"),
                ("echo hello >site.pem", "holds no certificate"), (": >site.pem", "holds no certificate"),
                ("echo hello >site.key; chmod 600 site.key", "holds no private key"),
                ("cp site.pem site.key; chmod 600 site.key", "holds no private key"),
                (
                    "openssl ec -aes128 -passout pass:hunter2 -in site.key -out new.key; mv new.key site.key",
                    "without a passphrase"
                ),
                ("cp other.key site.key", "does not belong to the certificate"),
                ("mv expired.pem site.pem; mv expired.key site.key", "expired on"),
                ("mv early.pem site.pem; mv early.key site.key", "is good from")
            ] {
                try await certificates.make("site", name: "site")
                try await certificates.make("other", name: "other")
                try await certificates.make("expired", name: "expired", start: "-9 days", end: "-1 day")
                try await certificates.make("early", name: "early", start: "+1 day", end: "+9 days")
                try await Certificates.run("cd \(certificates.folder) && \(script)")
                expectRefusal(certificates, reason)
                try await Certificates.run("rm -f \(certificates.folder)/*")
            }
        }
    }

    @Test("A renewed one is taken up; one that cannot be used leaves what there was")
    func renewal() async throws {
        try await Certificates.with { certificates in
            let used = try ServerCertificate(certificate: certificates.certificate, key: certificates.key)
            #expect(try !used.reload(onlyIfChanged: true), "nothing has changed")
            try await certificates.make("site", name: "second")
            #expect(try used.reload(onlyIfChanged: true))
            #expect(try !used.reload(onlyIfChanged: true), "that was all")
            try await Certificates.run("echo hello >\(certificates.certificate)")
            #expect(throws: ServerCertificate.Unusable.self) { try used.reload(onlyIfChanged: true) }
            #expect(try !used.reload(onlyIfChanged: true), "said once")
            #expect(throws: ServerCertificate.Unusable.self) { try used.reload() }
        }
    }
}
