import Storage
import Web

/// Everything that somebody can ask a coordinator for by word of mouth, on one page.
struct OnBehalfScreen: Screen {
    static let template = "on-behalf/show"

    let referral: Referral
    let details: PersonDraft
    let pause: SupportPause?
    /// Whether somebody supports them, so that there is something to pause.
    let isSupported: Bool
    let wish: ErasureWish?
    let form: Form
    let errors: FieldErrors

    init(
        _ id: Referral.ID, _ typed: Form = Form(), _ errors: FieldErrors = FieldErrors(), in db: Reading
    ) throws {
        referral = try OnBehalf.find(id, in: db)
        let (person, organization) = (referral.person, referral.organization)
        details = try Person.details(of: person, in: organization, db: db)
        pause = try SupportPause.standing(of: person, in: organization, db)
        isSupported = try !SupportPause.supporters(of: person, in: organization, db).isEmpty
        wish = try ErasureWish.latest(of: person, in: db)
        (form, self.errors) = (typed, errors)
        db.disclose(.referral, of: person)
    }

    /// The pages on which the rest is done.
    private var ways: [(name: String, path: String)] {
        let own = "/referrals/\(referral.id)"
        var ways: [(name: String, path: String)] = []
        if [.answers, .firstContact, .support].contains(referral.queue) { ways.append(("answer", "\(own)/match")) }
        if referral.isOpen {
            ways.append(("agree", "\(own)/consent"))
            // Whoever must not be contacted has no such page.
            if details.mayBeContacted { ways.append(("reach", "\(own)/reach")) }
            ways.append(("wishes", "\(own)/person"))
            ways.append(("needs", "\(own)/needs-check"))
        }
        return ways + [("contacts", "/encounters?referral=\(referral.id)"), ("concern", "/concerns/new")]
    }

    func title(_ words: Words) -> String { words("on-behalf.title") }

    func shown(_ words: Words) -> Value {
        let day = Field("returns-on", .date, "on-behalf.returns-on", hinted: true, in: form, errors, words)
        return [
            "name": .text(details.name), "backPath": .text("/referrals/\(referral.id)"),
            "ways": .list(
                ways.map { ["text": .text(words("on-behalf.way.\($0.name)")), "path": .text($0.path)] }),
            "basePath": .text("/referrals/\(referral.id)/on-behalf"),
            "pause": isSupported && pause == nil ? shownForm([day]) : .nothing,
            "away": Value(pause?.said(words)),
            "mayAsk": .flag(wish?.isOpen != true),
            "asked": wish.flatMap { $0.isOpen ? .text(words("on-behalf.asked", ["day": words.day($0.askedAt)])) : nil }
                ?? .nothing,
            "feedback": .flag(!referral.isOpen)
        ]
    }
}
