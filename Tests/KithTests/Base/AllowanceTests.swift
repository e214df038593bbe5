import Kith
import KithTestSupport
import Testing

@Suite("So many at once, then one every so often")
struct AllowanceTests {
    private let start = TestWorld.start

    @Test("A burst, then one each time the time is up, for each key by itself")
    func pace() {
        var allowance = Allowance(burst: 3, secondsForOne: 10)
        func taken(_ key: String, after seconds: [Int]) -> [Bool] {
            seconds.map { allowance.take(key, at: start.adding(seconds: $0)) }
        }
        let first = taken("a", after: [0, 0, 0, 0])
        #expect(first == [true, true, true, false])
        let other = taken("b", after: [0])
        #expect(other == [true])
        let later = taken("a", after: [9, 10, 10, 19, 20])
        #expect(later == [false, true, false, false, true])
        // Never more than the burst, however long somebody was away.
        let long = taken("a", after: [9_000, 9_000, 9_000, 9_000])
        #expect(long == [true, true, true, false])
    }

    @Test("A refusal costs nothing, and what was taken for nothing can be given back")
    func back() {
        var allowance = Allowance(burst: 2, secondsForOne: 10)
        func taken(after seconds: [Int]) -> Int {
            seconds.count { allowance.take("a", at: start.adding(seconds: $0)) }
        }
        let first = taken(after: Array(repeating: 0, count: 50))
        let later = taken(after: [10, 10])
        #expect(first == 2 && later == 1)
        allowance.giveBack("a", at: start.adding(seconds: 10))
        let back = taken(after: [10, 10])
        allowance.forget("a")
        let anew = taken(after: [10, 10, 10])
        #expect(back == 1 && anew == 2)
    }

    @Test("It stays small, and remembers those who used most of theirs")
    func bounded() {
        var allowance = Allowance(burst: 3, secondsForOne: 10, mostKeys: 100)
        let tries = (1...4).count { _ in allowance.take("guesser", at: start) }
        #expect(tries == 3)
        for number in 1...10_000 {
            let isTaken = allowance.take("\(number)", at: start)
            #expect(isTaken && allowance.keys <= 100)
        }
        // A clock that is set back gives nobody more, and forgets nobody.
        let more = [start, start.adding(hours: -1)].count { allowance.take("guesser", at: $0) }
        #expect(more == 0)
    }
}
