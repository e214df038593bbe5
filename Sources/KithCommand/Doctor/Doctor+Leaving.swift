import Carriers
import Foundation
import Kith

extension Doctor {
    /// Copies of everything, and whether they came back in a trial.
    func backups(_ facts: DatabaseFacts) -> [Finding] {
        guard let plan = settings.backups else { return [withoutPlan(facts), trial(facts, hours: 24)] }
        guard let newest = Backup.all(in: plan.folder).last else {
            guard !facts.houses.isEmpty else { return [.note(.backups, "There is nothing to copy yet.")] }
            return [
                .act(
                    .backups, "There is none in \(plan.folder).",
                    "Serve with KITH_BACKUP_FOLDER, or run kith backup make --to \(plan.folder)."),
                trial(facts, hours: plan.hours)
            ]
        }
        let changed = try? FileManager.default.attributesOfItem(atPath: newest)[.modificationDate] as? Date
        let age = Int(now.milliseconds / 1_000) - Int((changed ?? .distantPast).timeIntervalSince1970)
        let found = "The newest is \(max(age, 0).asSpan) old, and one is made every \(plan.hours) hours."
        let isLate = age > 2 * plan.hours * 3_600
        let hasKeys = FileManager.default.fileExists(atPath: plan.folder + "/kith.keys")
        let finding: Finding =
            !hasKeys
            ? .act(.backups, "The file of keys, kith.keys, is not beside it.", "Make one anew: kith backup make.")
            : isLate
                ? .act(.backups, found, "See that kith serve runs with KITH_BACKUP_FOLDER, and read its log.")
                : .ok(.backups, found)
        return [finding, trial(facts, hours: plan.hours)]
    }

    private func withoutPlan(_ facts: DatabaseFacts) -> Finding {
        let todo = "Set KITH_BACKUP_FOLDER to a folder on another disk; Kith makes one a day and tries it."
        guard !facts.houses.isEmpty else {
            return .note(.backups, "No folder is set; there is nothing to copy yet.", todo)
        }
        guard let made = facts.goodTrial else { return .act(.backups, "Nobody makes any.", todo) }
        let age = Int((now.milliseconds - made.milliseconds) / 1_000)
        let found = "No folder is set; the newest that was tried is \(max(age, 0).asSpan) old."
        return age > 48 * 3_600 ? .act(.backups, found, todo) : .note(.backups, found, todo)
    }

    private func trial(_ facts: DatabaseFacts, hours: Int) -> Finding {
        guard !facts.houses.isEmpty else { return .note(.trial, "There is nothing to try yet.") }
        if let problem = facts.failedTrial {
            return .act(.trial, "The last one failed: \(problem)", "Make another with kith backup make, and verify it.")
        }
        guard let made = facts.goodTrial else {
            return .act(.trial, "No backup was ever tried.", "kith backup verify, with the newest kith-….backup.")
        }
        let age = Int((now.milliseconds - made.milliseconds) / 1_000)
        let found = "The newest backup that came back whole is \(max(age, 0).asSpan) old."
        return age > 2 * hours * 3_600
            ? .act(.trial, found, "kith backup verify, with the newest kith-….backup.") : .ok(.trial, found)
    }

    /// As far as a mail would go, and no further.
    func mail() async -> Finding {
        guard var carrier = settings.carriers.mail else {
            return .note(
                .mail, "No mail server is set, so nobody is told that there is something new.",
                "Set KITH_MAIL_SERVER and KITH_MAIL_FROM.")
        }
        carrier.server.timeout = min(carrier.server.timeout, .seconds(10))
        do throws(CarrierFailure) {
            try await carrier.server.greet(as: carrier.from)
        } catch {
            return .act(.mail, "The mail server \(error.told).", "Look at KITH_MAIL_SERVER, its user and its password.")
        }
        let isOpen = carrier.server.encryption == .none
        return .ok(.mail, "The mail server answers\(isOpen ? ", on this machine" : ", encrypted").")
    }

    func text() -> Finding {
        settings.carriers.text == nil
            ? .note(.text, "No gateway is set, so no text messages leave.", "Set KITH_TEXT_GATEWAY, if you want them.")
            : .ok(.text, "A gateway is set.")
    }
}

extension CarrierFailure {
    /// What a server did instead, for an operator.
    var told: String {
        switch self {
        case .notNow(.signIn, _): "does not take the user and the password"
        case .notNow(.timeout, _): "does not answer in time"
        case .notNow(.encryption, _): "cannot be spoken to encrypted, or nobody vouches for its certificate"
        case .notNow(.unreachable, _): "cannot be reached"
        case .notNow(.answer, let code): "answered \(code)"
        case .refused(let code): "refused with \(code)"
        case .unsafeText: "was not asked: the sender's address is none"
        case .interrupted: "was not asked to the end"
        }
    }
}
