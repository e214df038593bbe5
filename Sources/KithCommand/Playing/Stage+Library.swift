import Kith
import Storage

extension Stage {
    /// Each program keeps a few pages in plain words; the review of one is late by some days.
    func stock() async throws {
        for (code, program) in programs.sorted(by: { $0.key < $1.key }) {
            guard let coordinator = coordinators[code]?.first?.person else { continue }
            for (index, page) in Self.pages.enumerated() {
                let moment = now.adding(days: -60).adding(minutes: 9 * index)
                // In the house's own zone a day begins later; a day more or less is no matter here.
                let today = LocalClock(zone: demonstration.house.organization.timeZone).day(of: now)
                let text = LibraryPage.Text(
                    page.kind, title: page.title, page.lines.joined(separator: "\n"), in: page.language,
                    from: page.source, reviewBy: today.adding(days: page.dueInDays))
                try await act(coordinator, at: moment) { db in
                    let id: LibraryPage.ID = db.newID()
                    try LibraryPage.write(text, as: id, for: program, in: db)
                    try LibraryPage.find(id, of: program, in: db).publish(in: db)
                }
            }
        }
    }

    private typealias Page = (
        kind: LibraryPage.Kind, title: String, language: String, source: String, dueInDays: Int, lines: [String]
    )

    private static let pages: [Page] = [
        (
            .checklist, "Before you go home from the hospital", "en", "Written by people who went home last year.", 200,
            [
                "## Ask before you leave", "Which medicines do I take, and when?",
                "What can I eat, lift and do on my own?", "Which signs mean that I should call?",
                "What number do I call at night?", "## Have with you", "The list of your medicines",
                "The date of your next visit", "Your keys, phone and glasses", "## At home",
                "Somebody knows what time you come", "There is food for two days"
            ]
        ),
        (
            .reading, "Questions for your next visit", "en", "", -10,
            [
                "You can ask anything. **No question is too small.**", "", "## Three good ones", "",
                "- What will change for me from tomorrow on?", "- What if I wait a month?",
                "- Whom do I call when I am not sure?",
                "", "## If you did not follow", "",
                "Say it back in your own words. Then ask: did I get that right?", "",
                "You can bring a friend who listens and writes things down for you while you talk with the doctor."
            ]
        ),
        (
            .checklist, "Antes de salir del hospital", "es", "Lo escribieron personas que ya volvieron a casa.", 200,
            [
                "## Preguntas antes de salir", "¿Qué medicinas tomo y a qué hora?", "¿Qué puedo comer y cargar?",
                "¿Con qué señales debo llamar?", "¿A qué número llamo de noche?", "## Para llevar",
                "La lista de las medicinas", "La fecha de la próxima visita", "Las llaves, el teléfono y los lentes"
            ]
        )
    ]
}
