import Kith
import KithTestSupport
import NIOCore
import Testing
import Web

@Suite("Charts")
struct ChartTests {
    private func chart(_ values: [[Int]]) -> Chart {
        Chart("Title", "Description", series: ["One", "Two"], bars: values.map { Chart.Bar("Label", $0) })
    }

    @Test("The largest number fills the width, nothing draws nothing, and little is still seen")
    func lengths() {
        let some = chart([[5_000, 1], [0, -3]])
        #expect(some.length(of: 5_000) == 1_000 && some.length(of: 2_500) == 500)
        #expect(some.length(of: 1) == 4, "it is there")
        #expect(some.length(of: 0) == 0 && some.length(of: -3) == 0)
        let nothing = chart([[0, 0]])
        #expect(nothing.length(of: 0) == 0)
        #expect(chart([]).length(of: 0) == 0)
    }

    @Test("Every number stands in words as well, and bars grow from where lines begin")
    func shown() async throws {
        try await withVillage(.sqlite) { village in
            let shelf = village.platform.shelf
            for language in ["en", "ar"] {
                let words = Words(shelf.translations[language], zone: "UTC", now: village.clock.now)
                let page = try #require(shelf.templates[language]).render("design/chart", chart([[4, 1]]).shown(words))
                let text = String(buffer: page)
                #expect(text.contains(language == "ar" ? "x=\"750\"" : "x=\"0\" y=\"3\""), "\(language)")
                #expect(text.contains("<table>") && text.contains("One: 4") && text.contains("Two: 1"))
            }
        }
    }
}
