import Matching
import Testing

@Suite("The fair assignment")
struct FairTests {
    @Test("The floor is as high as it can be, and above it the assignment is the best", arguments: [100, 99, 75, 50, 0])
    func bruteForce(percent: Int) throws {
        var draw = Draw(seed: UInt64(percent) + 20)
        var raised = 0
        for _ in 0..<500 {
            let instance = SmallInstance(&draw, people: draw.number(0..<7), supporters: draw.number(0..<5))
            let (assignment, floor) = try instance.taken().fairAssignment(assigning: percent)
            let most = instance.best().count
            #expect(instance.faults(of: assignment) == [])
            guard most > 0 else {
                #expect(floor == nil && assignment.assignedCount == 0)
                continue
            }
            let levels = Set(instance.pairs.map(\.score)).sorted()
            let highest = try #require(levels.last { instance.best(atLeast: $0).count * 100 >= most * percent })
            #expect(floor == Int(highest), "\(instance)")
            #expect(Worth(assignment) == instance.best(atLeast: highest), "\(instance)")
            if highest > levels[0] { raised += 1 }
        }
        #expect(raised > 20)
    }
}
