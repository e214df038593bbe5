/// What kind of browser somebody signed in with, as far as its owner needs it to tell their own apart. The whole text that
/// browsers send would tell more of a person than we need to know.
enum BrowserName {
    /// Each stands before those whose names it also sends.
    private static let browsers = [
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Edg/", "Edge"), ("EdgA/", "Edge"),
        ("SamsungBrowser/", "Samsung"),
        ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari")
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
        ("CrOS", "Chromebook"), ("Linux", "Linux")
    ]

    /// “Firefox, Android” for a `User-Agent`; nil for one that names neither.
    static func of(_ userAgent: String?) -> String? {
        guard let userAgent else { return nil }
        let found = [browsers, systems].compactMap { known in known.first { userAgent.contains($0.0) }?.1 }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }
}
