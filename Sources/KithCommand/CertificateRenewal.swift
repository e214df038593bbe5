import ServiceLifecycle
import UnixSignals
import Web

/// Takes up a renewed certificate while Kith serves: at SIGHUP, and within half a minute after its files have changed.
struct CertificateRenewal: Service {
    private let certificate: ServerCertificate

    init(of certificate: ServerCertificate) { self.certificate = certificate }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals.cancelOnGracefulShutdown() { renew(onlyIfChanged: false) }
            }
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(30))
                        renew(onlyIfChanged: true)
                    }
                }
            }
        }
    }

    private func renew(onlyIfChanged: Bool) {
        do {
            if try certificate.reload(onlyIfChanged: onlyIfChanged) { tell("Kith has read its certificate again.") }
        } catch {
            tell("The certificate stays as it was: \(error.description)")
        }
    }
}
