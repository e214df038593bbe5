/// That somebody may see a kind of thing of somebody: who, by which rule, and since when.
package struct Sight: Hashable, Sendable {
    package enum Viewer: Hashable, Sendable {
        case person(Person.ID)
        case partner(Partner.ID)
        /// All who are in a group together, who are not named: there they are whom they chose to be.
        case group(Conversation.ID)
        /// Everybody who takes part or works in a program, blocks aside.
        case program(Program.ID)
    }

    package let viewer: Viewer
    package let rule: Wall.Rule
    package let program: Program.ID
    package let since: Instant
}

extension Circumstances {
    /// Everybody who may see `item` of the person at this moment; each viewer by each ground once, the first since.
    package func sights(of item: Item, by rules: [Wall.Rule] = Wall.rules) -> [Sight] {
        // Whom a concern is about is no viewer of it, whatever their role.
        let all = rules.filter { $0.item == item }.flatMap(sights)
            .filter { item.isTheirs || $0.viewer != .person(person) }
        var first: [Sight] = []
        for sight in all.sorted(by: { $0.since < $1.since })
        where !first.contains(where: { $0.viewer == sight.viewer && $0.rule == sight.rule }) {
            first.append(sight)
        }
        return first
    }

    private func sights(by rule: Wall.Rule) -> [Sight] {
        func sight(_ viewer: Sight.Viewer, _ program: Program.ID, _ instants: Instant?...) -> Sight? {
            let known = instants.compactMap { $0 }
            guard known.count == instants.count, let since = known.max() else { return nil }
            guard let agreement = rule.agreement else {
                return Sight(viewer: viewer, rule: rule, program: program, since: since)
            }
            guard let agreed = agreed[program]?[agreement] else { return nil }
            return Sight(viewer: viewer, rule: rule, program: program, since: max(since, agreed))
        }
        switch rule.ground {
        case .own:
            return places(of: rule.item).compactMap { sight(.person(person), $0.program, $0.since) }
        case .supporter:
            return pairs.filter { $0.participant == person && counts($0, for: rule) }.compactMap {
                let began = rule.byChoice ? $0.readsSince[rule.item] : $0.since
                return sight(.person($0.supporter), $0.program, began, since($0.supporter, .supporter, in: $0.program))
            }
        case .supported:
            return pairs.filter { $0.supporter == person && counts($0, for: rule) }.compactMap {
                sight(.person($0.participant), $0.program, $0.since)
            }
        case .coordinator, .supervisor:
            guard let role = rule.ground.role else { return [] }
            return staffSights(rule, role) { sight($0, $1, $2, $3) }
        case .standIn:
            return staffSights(rule, .administrator) { viewer, program, since, roleSince in
                let isCoordinated = holders.contains { $0.role == .coordinator && $0.program == program }
                return isCoordinated ? nil : sight(viewer, program, since, roleSince)
            }
        case .sender:
            return parts.compactMap { part in
                guard let referrer = part.referrer else { return nil }
                let roles = [Role.referrer, .coordinator].compactMap { since(referrer, $0, in: part.program) }
                return sight(.person(referrer), part.program, part.since, roles.min())
            }
        case .partner:
            return parts.compactMap { part in
                part.partner.flatMap { sight(.partner($0), part.program, part.since) }
            }
        case .opened:
            return opened.compactMap {
                sight(.person($0.by), $0.program, $0.since, since($0.by, .supervisor, in: $0.program))
            }
        case .fellow:
            return circles.compactMap { sight(.group($0.conversation), $0.program, $0.since) }
        case .neighbor:
            return audiences.compactMap { sight(.program($0.program), $0.program, $0.since) }
        case .called:
            return called.compactMap { sight(.person($0.by), $0.program, $0.since) }
        }
    }

    /// Where and since when there is something of this kind.
    private func places(of item: Item) -> [(program: Program.ID, since: Instant)] {
        switch item.holder {
        case .referral: parts.map { ($0.program, $0.since) }
        case .pair: pairs.filter { $0.participant == person }.map { ($0.program, $0.since) }
        case .group: circles.map { ($0.program, $0.since) }
        case .audience: audiences.map { ($0.program, $0.since) }
        case .place: places.map { ($0.program, $0.since) }
        case .profile:
            holders.filter { $0.person == person && $0.role == .supporter }.map { ($0.program, $0.since) }
        case .person: holders.filter { $0.person == person }.prefix(1).map { ($0.program, $0.since) }
        case .membership: holders.filter { $0.person == person }.map { ($0.program, $0.since) }
        }
    }

    /// Those with a role in a program where there is something, unless it is sealed there.
    private func staffSights(
        _ rule: Wall.Rule, _ role: Role, _ sight: (Sight.Viewer, Program.ID, Instant?, Instant?) -> Sight?
    ) -> [Sight] {
        places(of: rule.item).filter { Self.isNeverSealed(rule.item) || !isSealed(in: $0.program) }.flatMap { place in
            holders.filter { $0.role == role && $0.program == place.program }.compactMap {
                sight(.person($0.person), place.program, place.since, $0.since)
            }
        }
    }

    /// What is no part of what they went through themselves.
    private static func isNeverSealed(_ item: Item) -> Bool { [.profile, .membership].contains(item.holder) }

    /// A proposal that came to nothing shows that it was one, and nothing more.
    private func counts(_ pair: Pair, for rule: Wall.Rule) -> Bool {
        rule.whileOpen ? pair.isOpen : pair.isOpen || pair.hasBegun || rule.item == .match
    }

    /// Why somebody who is no viewer may not see `item`: the nearest thing that stands in the way.
    package enum Refusal: String, Sendable, CaseIterable {
        /// Nothing of this kind is kept of the person.
        case nothing
        case sealed
        /// Their role in the program does not include it.
        case role
        /// The person has not said yes to it.
        case agreement
        /// What they had to do with the person is over.
        case over
        /// They support others, not this person.
        case otherSupporter = "other-supporter"
        /// They work in another program.
        case otherProgram = "other-program"
        case administrator
        /// They have nothing to do with the person.
        case stranger
    }

    package func refusal(of item: Item, to viewer: Person.ID, by rules: [Wall.Rule] = Wall.rules) -> Refusal? {
        guard !sights(of: item, by: rules).contains(where: { isOf($0.viewer, viewer) }) else { return nil }
        let places = places(of: item)
        guard !places.isEmpty || viewer == person else { return .nothing }
        if !item.isTheirs, viewer == person { return .role }
        let allowed = Set(rules.filter { $0.item == item }.map(\.ground))
        let roles = holders.filter { $0.person == viewer }
        let here = roles.filter { role in places.contains { $0.program == role.program } }
        if here.contains(where: { role in allowed.contains { $0.role == role.role } }) { return .sealed }
        let isSender = parts.contains { $0.referrer == viewer }
        if isSender, rules.contains(where: { $0.item == item && $0.ground == .sender && $0.agreement != nil }) {
            return .agreement
        }
        if rules.contains(where: { $0.item == item && $0.byChoice }),
            pairs.contains(where: { $0.supporter == viewer && $0.isOpen })
        {
            return .agreement
        }
        let isPaired = pairs.contains { $0.supporter == viewer || $0.participant == viewer }
        if isPaired { return allowed.contains(.supporter) || allowed.contains(.supported) ? .over : .role }
        if here.contains(where: { $0.role == .coordinator || $0.role == .supervisor }) || isSender { return .role }
        if here.contains(where: { $0.role == .administrator }) { return .administrator }
        if here.contains(where: { $0.role == .supporter }) { return .otherSupporter }
        return roles.isEmpty || !here.isEmpty ? .stranger : .otherProgram
    }
}
