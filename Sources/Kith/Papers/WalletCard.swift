import Hummingbird
import Storage
import Web

/// A card for a wallet, 85 by 54 millimeters when it is folded: whom to call when it cannot wait, and room for people of
/// one's own. Somebody else may find it, so it never says whose it is or what for.
struct WalletCardScreen: Screen {
    static let template = "papers/wallet-card"

    /// What is on it, as its address says.
    struct Choice: Sendable {
        /// Neither the house nor an address of this site stands on it.
        var isDiscreet = false
        /// The next call, visit or meeting that is planned stands on it.
        var withNext = false
        var letters = Papers.Letters.usual

        init(_ query: Form) {
            isDiscreet = query["names"] == "no"
            withNext = query["next"] == "yes"
            letters = Papers.Letters(query)
        }

        /// What follows the path of this card.
        var query: String {
            let parts = [
                isDiscreet ? "names=no" : nil, withNext ? "next=yes" : nil, letters == .large ? "type=large" : nil
            ].compactMap { $0 }
            return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
        }

        func with(_ change: (inout Choice) -> Void) -> String {
            var choice = self
            change(&choice)
            return choice.query
        }
    }

    /// The most numbers that a card has room for.
    static let mostLines = 3

    /// How many planned times are looked at for the next one: some may be past, or called off.
    private static let mostLookedAt = 10

    let choice: Choice
    let numbers: UrgentHelp
    /// Whose card it is to be for; nil where several houses share this site and nobody is signed in.
    let house: String?
    /// The number of the house, for whoever is signed in there.
    let telephone: String?
    /// Where to find the house, as it is typed.
    let address: String
    let isSignedIn: Bool
    /// When the next of what is planned begins.
    let next: Instant?

    /// For anybody. It needs nothing but the program itself, like the page of the numbers.
    init(_ choice: Choice, houses: [UrgentHelpBoard.House], at address: String) {
        (self.choice, self.address) = (choice, address)
        numbers = houses.count == 1 ? houses[0].help : UrgentHelp(emergency: houses.compactMap(\.help.emergency).first)
        house = houses.count == 1 ? houses[0].name : nil
        (isSignedIn, next, telephone) = (false, nil, nil)
    }

    /// For somebody signed in, of their house.
    init(_ choice: Choice, at address: String, in db: Reading) throws {
        (self.choice, self.address) = (choice, address)
        let organization = try Organization.current(in: db)
        numbers = try UrgentHelp.chosen(by: organization.id, in: db)
        house = organization.name
        telephone = try NeutralNames.chosen(by: organization.id, in: db)?.telephone
        isSignedIn = true
        guard choice.withNext else {
            next = nil
            return
        }
        let visits = try Encounter.list(.mine, past: false, limit: Self.mostLookedAt, in: db).map(\.startsAt)
        let meetings = try Meeting.ahead(as: [.member], days: 60, limit: Self.mostLookedAt, in: db)
            .filter { $0.meeting.state != .canceled }.map(\.meeting.startsAt)
        next = (visits + meetings).filter { $0 >= db.now }.min()
    }

    /// Neutral: it stands in the list of what a browser has open.
    func title(_ words: Words) -> String { words("card.title") }

    func shown(_ words: Words) -> Value {
        let path = isSignedIn ? "/wallet-card/mine" : "/wallet-card"
        let national = UrgentHelp.unitedStates
        let language = String(words.strings.locale.prefix { $0 != "-" })
        // Where the same card is with one thing changed.
        let named = choice.with { $0.isDiscreet.toggle() }
        let planned = choice.with { $0.withNext.toggle() }
        let letters = choice.with { $0.letters = $0.letters == .large ? .usual : .large }
        let own = numbers.lines.prefix(Self.mostLines).map { line -> Value in
            [
                "name": .text(choice.isDiscreet ? words("card.near") : line.name),
                "number": .text(line.call.isEmpty ? line.text : line.call)
            ]
        }
        return [
            "large": .flag(choice.letters == .large), "own": .list(Array(own)),
            "emergency": .text(numbers.emergency ?? national.emergency),
            "national": numbers.usesNational
                ? [
                    "lifeline": .text(national.lifeline), "textLine": .text(national.textLine),
                    "word": Value(national.textLineWord(for: language))
                ] : .nothing,
            "house": choice.isDiscreet
                ? .nothing
                : [
                    "name": .text(house ?? words("front.title")), "address": .text(address),
                    "telephone": Value(telephone)
                ],
            // On paper there is no today.
            "next": Value(next.map { words("dates.day-at", ["day": words.day($0), "time": words.time($0)]) }),
            "nothingPlanned": .flag(choice.withNext && next == nil),
            "names": [
                "path": .text(path + named), "without": .flag(!choice.isDiscreet), "with": .flag(choice.isDiscreet)
            ],
            "planned": isSignedIn
                ? ["path": .text(path + planned), "without": .flag(choice.withNext), "with": .flag(!choice.withNext)]
                : .nothing,
            "letters": [
                "path": .text(path + letters), "usual": .flag(choice.letters == .large),
                "large": .flag(choice.letters == .usual)
            ]
        ]
    }

    static let routes: [Route] = [
        .get("/wallet-card", .anyone) { visit in
            let houses = visit.platform.urgentHelp.houses(on: visit.platform)
            return try visit.show(WalletCardScreen(Choice(visit.query), houses: houses, at: visit.spoken("")))
        }.asking("names", "type"),
        .get("/wallet-card/mine", .signedIn) { visit in
            let (choice, address) = (Choice(try visit.query), visit.spoken(""))
            return try await visit.show { try WalletCardScreen(choice, at: address, in: $0) }
        }.asking("names", "next", "type")
    ]
}
