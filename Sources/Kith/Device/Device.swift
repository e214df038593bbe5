import Hummingbird
import Web

/// What stays on somebody's own device, if they ask for it: a page for times without a line, with the urgent numbers, when
/// they meet next and what they could not send. Nothing stays unless they press a button that says so, because whoever
/// finds the phone could find it.
package enum Device {
    package static let feature = Feature(name: "Device", routes: routes)

    static let routes: [Route] = [
        .get("/device", .anyone) { visit in try await visit.show { _ in DeviceScreen(visit.platform.shelf) } },
        .get("/offline", .anyone) { visit in
            try visit.show(
                OfflineScreen(help: UrgentHelpScreen(houses: visit.platform.urgentHelp.houses(on: visit.platform))))
        },
        // Below no folder, so that it stands before every page.
        Route.get("/worker.js", .anyone) { visit in
            guard let worker = visit.platform.shelf.assets["worker.js"] else { throw Problem.notFound }
            return .bytes(worker.bytes.readableBytesView, type: worker.type)
        }.answering(.script),
        Route.get("/device/app", .anyone) { visit in
            try .json(WebManifest(visit.platform.shelf.translations[visit.locale], visit.platform.shelf))
        }.answering(.json)
    ]
}

/// What a device asks before it puts Kith beside its programs (W3C Web Application Manifest). It says nothing of what it
/// is about.
private struct WebManifest: Encodable {
    struct Icon: Encodable {
        let src: String
        let sizes = "any"
        let type = "image/svg+xml"
    }

    let name: String
    let short_name: String
    let lang: String
    let dir: String
    let start_url = "/"
    let scope = "/"
    let display = "standalone"
    let background_color = "#f8f4ec"
    let theme_color = "#f8f4ec"
    let icons: [Icon]

    init(_ strings: Strings, _ shelf: Shelf) {
        (name, short_name) = (strings("product.name"), strings("product.name"))
        (lang, dir) = (strings.locale, strings("language.direction"))
        icons = shelf.assets.path("icon.svg").map { [Icon(src: $0)] } ?? []
    }
}

/// Says what would stay, and what whoever finds the device could see.
struct DeviceScreen: Screen {
    static let template = "device/show"

    private let kept: String

    init(_ shelf: Shelf) {
        kept = (["/offline"] + ["kith.css", "rtl.css", "offline.js"].compactMap(shelf.assets.path)).joined(
            separator: " ")
    }

    func title(_ words: Words) -> String { words("device.title") }

    func shown(_ words: Words) -> Value { ["kept": .text(kept)] }
}

/// The page for times without a line. It names nobody and looks the same for everybody: their own device adds the rest.
struct OfflineScreen: Screen {
    static let template = "device/offline"
    let help: UrgentHelpScreen

    func title(_ words: Words) -> String { words("offline.title") }

    func shown(_ words: Words) -> Value { help.shown(words) }
}
