import Storage
import Web

/// Taking a pause, and coming back.
struct SupportPauseScreen: Screen {
    static let template = "pauses/own"

    let pause: SupportPause?
    let form: Form
    let errors: FieldErrors

    init(_ typed: Form? = nil, _ errors: FieldErrors = FieldErrors(), in db: Reading) throws {
        pause = try SupportPause.mine(in: db)
        form = typed ?? Form([:])
        self.errors = errors
    }

    func title(_ words: Words) -> String { words("support-pause.title") }

    func shown(_ words: Words) -> Value {
        let day = Field("returns-on", .date, "support-pause.returns-on", hinted: true, in: form, errors, words)
        return shownForm([day]).merging(["away": pause.map { .text($0.said(words)) } ?? .nothing])
    }
}
