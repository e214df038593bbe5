/// Who may see what of whom: every rule, in one table. Queries take their reach from it, pages what they show, and
/// whoever asks “who can see this?” the answer.
package enum Wall {
    /// A yes of the person that a rule rests on besides its ground; spelled like the purpose that was answered.
    package enum Agreement: String, Sendable, CaseIterable {
        case shareStatus = "share-status"
    }

    /// Whoever stands on this ground may see this kind of thing.
    package struct Rule: Hashable, Sendable {
        package let item: Item
        package let ground: Ground
        /// What the person has to have agreed to, at this moment.
        package let agreement: Agreement?
        /// Only while the two are proposed to each other or in touch.
        package let whileOpen: Bool
        /// Only whom the person chose for it.
        package let byChoice: Bool

        package init(
            item: Item, ground: Ground, agreement: Agreement? = nil, whileOpen: Bool = false, byChoice: Bool = false
        ) {
            (self.item, self.ground, self.agreement) = (item, ground, agreement)
            (self.whileOpen, self.byChoice) = (whileOpen, byChoice)
        }
    }

    /// Nobody may see what no line allows. That is also why managers see no individual use: an administrator stands on
    /// no ground but that of somebody whom nobody else stands in for.
    package static let rules: [Rule] = [
        allow(.identity, .own, .supporter, .coordinator, .supervisor, .standIn, .sender, .partner, .opened),
        allow(.contactDetails, .own, .coordinator, .opened),
        allow(.request, .own, .coordinator, .supervisor, .standIn, .opened),
        allow(.needs, .own, .coordinator, .supervisor),
        [Rule(item: .needs, ground: .supporter, whileOpen: true)],
        allow(.needsCheck, .own, .coordinator, .supervisor),
        allow(.wishes, .own, .coordinator, .supervisor, .opened),
        allow(.care, .own, .coordinator, .supervisor, .opened),
        allow(.consent, .own, .coordinator, .opened),
        allow(.receipt, .own, .coordinator, .supervisor, .standIn, .sender, .partner),
        allow(.progress, .own, .coordinator, .supervisor),
        [
            Rule(item: .progress, ground: .sender, agreement: .shareStatus),
            Rule(item: .progress, ground: .partner, agreement: .shareStatus)
        ],
        allow(.feedback, .own, .coordinator, .supervisor),
        allow(.match, .own, .supporter, .coordinator, .supervisor),
        allow(.story, .own, .coordinator),
        [Rule(item: .story, ground: .supported, whileOpen: true)],
        allow(.messages, .own, .supporter, .opened),
        allow(.groupMessages, .own, .fellow),
        allow(.told, .own, .neighbor),
        allow(.groups, .own, .coordinator),
        allow(.encounter, .own, .supporter, .coordinator, .supervisor, .opened),
        allow(.place, .own, .supporter, .coordinator, .opened),
        allow(.draft, .supporter),
        allow(.offeredNote, .own, .supporter, .opened),
        allow(.note, .own, .supporter, .supervisor, .opened),
        allow(.hardDayPlan, .own),
        [Rule(item: .hardDayPlan, ground: .supporter, whileOpen: true, byChoice: true)],
        allow(.preparationSheet, .own),
        [Rule(item: .preparationSheet, ground: .supporter, whileOpen: true, byChoice: true)],
        allow(.goals, .own),
        [Rule(item: .goals, ground: .supporter, whileOpen: true, byChoice: true)],
        allow(.storySheet, .own),
        [Rule(item: .storySheet, ground: .supporter, whileOpen: true, byChoice: true)],
        allow(.breather, .own),
        allow(.talk, .own, .supervisor),
        allow(.looks, .own),
        allow(.concern, .coordinator, .supervisor, .called),
        allow(.reported, .coordinator, .supervisor)
    ].flatMap { $0 }

    private static func allow(_ item: Item, _ grounds: Ground...) -> [Rule] {
        grounds.map { Rule(item: item, ground: $0) }
    }

    /// On which grounds something may be seen.
    package static func grounds(for item: Item) -> Set<Ground> { byItem[item] ?? [] }

    private static let byItem = Dictionary(grouping: rules, by: \.item).mapValues { Set($0.map(\.ground)) }

    /// Whether somebody who stands on `grounds` may see it. What a rule asks for besides its ground is its caller's.
    package static func allows(_ item: Item, on grounds: Set<Ground>) -> Bool {
        !self.grounds(for: item).isDisjoint(with: grounds)
    }
}
