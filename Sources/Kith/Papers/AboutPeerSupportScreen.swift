import Hummingbird
import Web

/// What peer support is and is not, in two minutes: for whoever thinks of it, and for whoever tells others of it.
struct AboutPeerSupportScreen: Screen {
    static let template = "papers/about"

    let sheet: Papers.Sheet
    let emergency: String

    func title(_ words: Words) -> String { words("about-support.title") }

    func shown(_ words: Words) -> Value {
        .object(sheet.values).merging(["emergency": .text(emergency)])
    }

    static let routes: [Route] = [
        .get("/about-peer-support", .anyone) { visit in
            let visit = try visit.inAskedLanguage()
            let houses = visit.platform.urgentHelp.houses(on: visit.platform)
            let emergency = houses.lazy.compactMap(\.help.emergency).first ?? UrgentHelp.unitedStates.emergency
            return try visit.show(
                AboutPeerSupportScreen(
                    sheet: Papers.Sheet(of: visit, path: "/about-peer-support"), emergency: emergency))
        }.asking("language", "type")
    ]
}
