import Web

extension ReferralScreen {
    /// What a coordinator may send from the page; each is the last part of its address.
    package enum Act: String, Sendable {
        case merging, closing, declination, reopening, owner
        case contactAttempts = "contact-attempts"
    }

    /// A form that was sent and needs another look, with all that was typed.
    package struct Sent: Sendable {
        let act: Act
        let typed: Form
        let errors: FieldErrors

        package init(_ act: Act, _ typed: Form, _ errors: FieldErrors) {
            (self.act, self.typed, self.errors) = (act, typed, errors)
        }
    }

    /// The questions of a form, for the template.
    func form(_ act: Act, _ words: Words) -> Value { ["fields": .list(fields(of: act, words).map(\.shown))] }

    /// What is wrong with the form that was sent, to stand before everything else.
    func summary(_ words: Words) -> Value {
        sent.map { shownForm(fields(of: $0.act, words)).merging(["fields": []]) } ?? .nothing
    }

    private func fields(of act: Act, _ words: Words) -> [Field] {
        func field(
            _ name: String, _ kind: Field.Kind, _ key: String, hinted: Bool = false, required: Bool = true
        ) -> Field {
            let sent = sent?.act == act ? sent : nil
            var field = Field(
                name, kind, key, hinted: hinted, required: required, autocomplete: "off", in: sent?.typed ?? Form(),
                sent?.errors ?? FieldErrors(), words)
            field.id = "\(act.rawValue)-\(name)"
            return field
        }
        switch act {
        case .merging:
            return [
                field(
                    "other", .select(twins.map { Field.Option($0.id.text, $0.reference) }), "referrals.twins.keep"),
                field("reason", .line, "referrals.twins.reason")
            ]
        case .contactAttempts:
            let channels = ContactChannel.Kind.allCases.filter { !refused.contains($0) }
            return [
                field(
                    "channel",
                    .select(channels.map { Field.Option($0.rawValue, words("channels.\($0.rawValue)")) }),
                    "referrals.contact.channel")
            ]
        case .closing:
            return [
                field(
                    "outcome",
                    .select(
                        Referral.outcomes.filter { $0 != Referral.died }.map {
                            Field.Option($0, words("outcomes.\($0)"))
                        }),
                    "referrals.close.outcome"),
                field("word", .lines(3), "referrals.close.word", hinted: true, required: false)
            ]
        case .declination:
            let reasons = policy.declineReasons.map { Field.Option($0, reasonWords($0, words)) }
            return [field("reason", .select(reasons), "referrals.decline.reason")]
        case .reopening: return [field("reason", .line, "referrals.reopen.reason")]
        case .owner:
            return [
                field("owner", .select(others.map { Field.Option($0.person.text, $0.name) }), "referrals.hand.to")
            ]
        }
    }
}
