import Web

extension MatchPage {
    /// What differs where somebody stands in: that it is for a time, and that its end is nobody's fault.
    mutating func tellOfStandIn(_ match: Match, to side: Match.Side?, _ people: MatchPeople, _ words: Words) {
        guard match.isStandIn, !match.isApart else { return }
        let reader = side?.rawValue ?? "staff"
        let said = words("match.stand-in.\(reader)", ["name": people.supporterCalled])
        switch match.status {
        case .proposed: notice = [said, notice].compactMap { $0 }.joined(separator: " ")
        case .active: notice = said
        case .ended:
            notice = words("match.stand-in.\(reader)-ended")
            mayAskAgain = false
        case .declined, .withdrawn: break
        }
    }
}
