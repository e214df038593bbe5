import Kith
import Testing

@Suite("Hours of a week as people write them")
struct WeekHoursTests {
    @Test(
        "Common spellings are read",
        arguments: [
            ("9-12", [9, 12]), (" 9 - 12 ", [9, 12]), ("9:00–12:00", [9, 12]), ("9am to 12 pm", [9, 12]),
            ("6 pm - 8 pm", [18, 20]), ("12am-1am", [0, 1]), ("20-24", [20, 24]), ("10pm-12am", [22, 24]),
            ("de 9 a 12", [9, 12]), ("9 a. m. - 12 p. m.", [9, 12]), ("9 a. m. a 6 p. m.", [9, 18])
        ])
    func spellings(text: String, hours: [Int]) {
        #expect(WeekHours.reading(text, on: 2) == [WeekHours(weekday: 2, from: hours[0], to: hours[1])])
    }

    @Test("Nothing is no time, several are several, overlaps are one")
    func several() {
        #expect(WeekHours.reading("", on: 0) == [])
        #expect(
            WeekHours.reading("18-20, 9-12", on: 0)
                == [WeekHours(weekday: 0, from: 9, to: 12), WeekHours(weekday: 0, from: 18, to: 20)])
        #expect(WeekHours.reading("9-12; 11-14", on: 0) == [WeekHours(weekday: 0, from: 9, to: 14)])
    }

    @Test(
        "What cannot be read is not guessed",
        arguments: ["9", "12-9", "9-9", "9:30-11", "25-26", "13pm-14pm", "morning", "9-12-14", "-", "0009-12"])
    func refused(text: String) {
        #expect(WeekHours.reading(text, on: 0) == nil)
    }

    @Test("What is written is read back the same")
    func roundTrip() {
        for from in 0..<24 {
            for to in from + 1...24 {
                let hours = WeekHours(weekday: 3, from: from, to: to)
                #expect(WeekHours.reading(hours.written, on: 3) == [hours])
            }
        }
    }
}
