import Kith
import Logging
import Synchronization

/// Keeps what would have left the house, word for word, as a mail server or a gateway would have got it.
package final class Postbox: Carrier {
    private struct State {
        var letters: [Letter] = []
        var refusals: [CarryFailure] = []
        var tries: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// What was taken, oldest first.
    package var letters: [Letter] { state.withLock { $0.letters } }
    /// The identifiers of all that was handed over, taken or not.
    package var tries: [String] { state.withLock { $0.tries } }

    /// Fails the next tries, one after the other.
    package func refuse(_ failures: CarryFailure...) { state.withLock { $0.refusals += failures } }

    package func carry(_ letter: Letter) async throws(CarryFailure) {
        let refusal = state.withLock { state -> CarryFailure? in
            state.tries.append(letter.id)
            guard state.refusals.isEmpty else { return state.refusals.removeFirst() }
            state.letters.append(letter)
            return nil
        }
        if let refusal { throw refusal }
    }
}

extension Village {
    /// The same village where mail and text messages can leave.
    package func carrying(_ channels: Set<ContactChannel.Kind> = [.email, .text]) -> Village {
        var village = self
        village.platform = platform.carrying(channels)
        return village
    }

    /// Hands all that is due at this moment to `postbox`.
    package func workOff(into postbox: Postbox) async {
        for channel in platform.world.carries.sorted(by: { $0.rawValue < $1.rawValue }) {
            await worker(for: channel, by: postbox).workOff()
        }
    }

    package func worker(
        for channel: ContactChannel.Kind = .email, by carrier: any Carrier, lease: Int = 45
    ) -> OutboxWorker {
        var log = Logger(label: "outbox")
        log.logLevel = .critical
        return OutboxWorker(
            for: channel, by: carrier, on: platform, site: Self.place.address, lease: lease, log: log)
    }

    /// Lets somebody be written to by mail: an address, a yes to mail where they receive support, and at any hour.
    package func reachByMail(_ neighbor: Neighbor, at address: String, in house: House? = nil) async throws {
        let house = house ?? riverside
        if neighbor.id == house.participant.id || neighbor.id == house.secondParticipant.id {
            try await agree(neighbor, to: [.contactByEmail], in: house.program)
        }
        try await write(as: neighbor) { db in
            let channel = ContactChannel(kind: .email, address: address, mayLeaveMessage: true)
            try Person.keep([channel], of: neighbor.id, in: house.organization, db: db)
            let preference = ContactPreference(way: .email, timeZone: "America/New_York", hours: .always)
            try preference.set(for: neighbor.id, of: house.organization, in: db)
        }
    }
}
