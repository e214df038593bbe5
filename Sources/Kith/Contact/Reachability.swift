import Storage

/// All that decides whether somebody may be contacted, found in the transaction that asks.
package struct Reachability: Sendable, Equatable {
    /// A channel in use, and whether the person agreed to be contacted on it.
    package struct Line: Sendable, Equatable {
        package let channel: ContactChannel
        package let isAgreed: Bool
        /// Whoever has the number wrote that no text message shall come to it.
        package let isStopped: Bool

        package init(_ channel: ContactChannel, isAgreed: Bool, isStopped: Bool = false) {
            self.channel = channel
            self.isAgreed = isAgreed
            self.isStopped = isStopped
        }
    }

    /// Somebody said that they must not be contacted: themselves, staff, or whoever referred them.
    package let isProhibited: Bool
    /// Whoever works in a program is not asked for consent; whoever receives support there is.
    package let needsConsent: Bool
    /// The best first.
    package let lines: [Line]
    package let preference: ContactPreference
    /// The language to write in.
    package let language: String

    package init(
        isProhibited: Bool, needsConsent: Bool, lines: [Line], preference: ContactPreference, language: String = "en"
    ) {
        self.isProhibited = isProhibited
        self.needsConsent = needsConsent
        self.lines = lines
        self.preference = preference
        self.language = language
    }
}

/// What goes out to somebody.
package enum Outgoing: Sendable, Hashable {
    /// Written by Kith, and left where it arrives.
    case notice(Notice)
    /// Somebody calls, writes or visits; nothing is left.
    case personal
}

/// Whether something may go out now.
package enum ContactDecision: Sendable, Equatable {
    /// It may, to this address.
    case go(to: String)
    /// Not before then: the person is not to be reached at this hour.
    case wait(until: Instant)
    case refuse(ContactRefusal)
}

/// Why nothing goes out.
package enum ContactRefusal: String, Error, Sendable, CaseIterable, SQLConvertible, SQLDecodable {
    /// Nobody may contact them.
    case prohibited
    /// They did not say yes to this channel.
    case notAgreed = "not-agreed"
    /// Whoever has the number wrote that no text message shall come to it.
    case stopped
    /// There is no address.
    case noAddress = "no-address"
    /// No message may be left there.
    case leaveNothing = "leave-nothing"
    /// They chose another channel, or none.
    case otherWay = "other-way"
    /// They do not want this kind of notice.
    case unwanted
}

extension Reachability {
    /// The one rule of what may go out to a person, on a channel, at a moment. It is asked when something is put in the
    /// outbox and again right before it leaves; what forbids for good comes before what only defers.
    package func decision(
        on what: Outgoing, by channel: ContactChannel.Kind, at moment: Instant
    ) -> ContactDecision {
        if isProhibited { return .refuse(.prohibited) }
        let known = lines.filter { $0.channel.kind == channel }
        guard !known.isEmpty else { return .refuse(.noAddress) }
        let agreed = known.filter { $0.isAgreed || !needsConsent }
        guard !agreed.isEmpty else { return .refuse(.notAgreed) }
        // Whatever it is, and also what somebody would write by hand.
        var fitting = channel == .text ? agreed.filter { !$0.isStopped } : agreed
        guard !fitting.isEmpty else { return .refuse(.stopped) }
        if case .notice(let notice) = what {
            fitting = fitting.filter(\.channel.mayLeaveMessage)
            guard !fitting.isEmpty else { return .refuse(.leaveNothing) }
            if notice.isChosen || notice.isQuestion {
                if preference.unwanted.contains(notice) { return .refuse(.unwanted) }
                if let way = preference.way, way.channel != channel { return .refuse(.otherWay) }
            }
        }
        if case .notice(let notice) = what, notice.isUrgent { return .go(to: fitting[0].channel.address) }
        let clock = LocalClock(zone: preference.timeZone)
        guard preference.hours.contain(clock.reading(at: moment).minutes) else {
            return .wait(until: preference.hours.opening(after: moment, in: preference.timeZone))
        }
        return .go(to: fitting[0].channel.address)
    }

    /// The channel on which Kith may write by itself, among those it can carry: the one they chose, else the first that
    /// the rule lets through, now or later.
    package func channel(
        for notice: Notice, among carried: Set<ContactChannel.Kind>, at moment: Instant
    ) -> ContactChannel.Kind? {
        var known: [ContactChannel.Kind] = []
        for line in lines where !known.contains(line.channel.kind) { known.append(line.channel.kind) }
        return known.first { kind in
            guard carried.contains(kind) else { return false }
            if case .refuse = decision(on: .notice(notice), by: kind, at: moment) { return false }
            return true
        }
    }
}
