import Logging
import Storage
import Synchronization
import Web

/// Works off the outbox for one channel: claims what is due, hands it over, writes down what became of it. Several may run,
/// also in several processes on one database. No page ever waits for it.
package struct OutboxWorker: Sendable {
    private let platform: Platform
    private let channel: ContactChannel.Kind
    private let carrier: any Carrier
    private let site: String
    private let lease: Int
    private let pause: Duration
    private let log: Logger
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let isStopped = Flag()

    /// How many messages are under way at once.
    static let lanes = 4

    /// - Parameters:
    ///   - site: the address people type.
    ///   - lease: after how many seconds another may take what this one claimed; longer than the carrier takes at most.
    ///   - pause: how long it rests when nothing is due; it is waked when something is put in.
    package init(
        for channel: ContactChannel.Kind, by carrier: any Carrier, on platform: Platform, site: String, lease: Int,
        pause: Duration = .seconds(2), log: Logger
    ) {
        self.platform = platform
        self.channel = channel
        self.carrier = carrier
        self.site = site
        self.lease = lease
        self.pause = pause
        self.log = log
        (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes nothing new from now on; ``run()`` returns when what is under way has ended.
    package func stop() {
        isStopped.set()
        waker.finish()
    }

    /// Works until it is stopped. When its task is canceled, what is under way is broken off and its claim given back.
    package func run() async {
        let bell = Task { [waker, platform] in for await _ in platform.hub.listen(to: [.outbox]) { waker.yield() } }
        let clock = Task { [waker, pause] in while (try? await Task.sleep(for: pause)) != nil { waker.yield() } }
        defer {
            bell.cancel()
            clock.cancel()
        }
        await withTaskGroup(of: Void.self) { group in
            var underWay = 0
            waker.yield()
            for await _ in wakes { await handOverAll(&group, &underWay) }
        }
    }

    /// Hands over all that is due at this moment, and returns.
    package func workOff() async {
        await withTaskGroup(of: Void.self) { group in
            var underWay = 0
            await handOverAll(&group, &underWay)
        }
    }

    private func handOverAll(_ group: inout TaskGroup<Void>, _ underWay: inout Int) async {
        while true {
            if underWay == Self.lanes {
                await group.next()
                underWay -= 1
            }
            // Claimed only when there is room for it, so that it leaves right after the rule was asked.
            guard let parcel = await next() else { return }
            underWay += 1
            group.addTask { await hand(over: parcel) }
        }
    }

    /// What is handed over.
    private enum Parcel: Sendable {
        case notice(Leaving)
        case reply(TextReply.Leaving)
    }

    /// The next message to hand over; nil when nothing is due, or we are to stop. Whoever just wrote waits for an
    /// answer, so answers come first.
    private func next() async -> Parcel? {
        while !Task.isCancelled, !isStopped.isSet {
            do {
                if channel == .text {
                    switch try await platform.claimReply(for: lease) {
                    case .leaving(let reply)?: return .reply(reply)
                    case .settled?: continue
                    case nil: break
                    }
                }
                switch try await platform.claim(channel, for: lease, at: host) {
                case .leaving(let leaving)?: return .notice(leaving)
                case .settled?: continue
                case nil: return nil
                }
            } catch {
                log.error("the outbox cannot be read", metadata: ["what": "\(String(reflecting: error))"])
                return nil
            }
        }
        return nil
    }

    private func hand(over parcel: Parcel) async {
        let letter =
            switch parcel {
            case .notice(let leaving): letter(leaving)
            case .reply(let leaving): leaving.letter
            }
        let outcome: Result<Void, CarryFailure>
        do throws(CarryFailure) {
            outcome = .success(try await carrier.carry(letter))
        } catch {
            outcome = .failure(error)
            log.notice(
                "a message was not taken",
                metadata: ["reference": "\(letter.id.suffix(8))", "why": "\(error.code)"])
        }
        // Also when we are being stopped: else the claim would stand until it ends by itself.
        let settling = Task { [platform] in
            switch parcel {
            case .notice(let leaving): try await platform.settle(leaving, outcome)
            case .reply(let leaving): try await platform.settle(leaving, outcome)
            }
        }
        do {
            try await settling.value
        } catch {
            log.error("the outbox cannot be written", metadata: ["what": "\(String(reflecting: error))"])
        }
    }

    /// What leaves. It says that there is something, and nothing of what or from whom.
    func letter(_ leaving: Leaving) -> Letter {
        let (message, world) = (leaving.message, platform.world)
        let words = platform.words(in: leaving.language)
        let names = leaving.names ?? .usual(words)
        let link = SignedLink(
            .stop, of: message.organization, to: message.id.text, until: world.now().adding(days: 90))
        let stop = message.notice.isChosen ? "\(site)/stop/\(link.token(in: world))" : nil
        let way = OutgoingMessage.waySecret(message.id, in: world).text
        let free = message.seat.map { seat in
            let link = SignedLink.seat(
                seat, of: message.organization, until: world.now().adding(days: GroupSeries.daysAhead))
            return "\(site)/seats/\(link.token(in: world))"
        }
        let kind = free != nil ? "seat" : message.notice.isChosen ? "notice" : message.notice.rawValue
        let key = "letter.\(channel.rawValue).\(kind)"
        let text = words(
            key,
            [
                "site": site, "stop": stop ?? "", "free": free ?? "", "way": "\(site)/invitations/\(way)",
                "days": words("dates.days", count: Invitation.days)
            ])
        return Letter(
            id: message.id.text, channel: channel, address: leaving.address, senderName: names.sender,
            subject: names.subject, text: text, stopAddress: stop, calendars: leaving.calendars)
    }

    private var host: String { Place.host(of: site) }
}

extension Platform {
    /// The texts in somebody's language, or in English.
    func words(in language: String) -> Words {
        let language = String(language.prefix { $0 != "-" })
        let locale = shelf.translations.locales.contains(language) ? language : "en"
        return Words(shelf.translations[locale], zone: "UTC", now: world.now())
    }
}

/// Set once, from anywhere.
private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
