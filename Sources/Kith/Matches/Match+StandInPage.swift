import Web

extension MatchPage {
    /// That the participant takes a pause, to the two of them and to staff.
    mutating func tell(of pause: SupportPause, to side: Match.Side?, _ words: Words) {
        let what = words(side == .participant ? "support-pause.match" : "support-pause.match-theirs")
        notice = [pause.said(words) + ".", what, notice].compactMap { $0 }.joined(separator: " ")
    }

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
