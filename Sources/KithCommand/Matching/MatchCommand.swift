import ArgumentParser
import Foundation
import Matching
import Storage

struct MatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Match a whole waiting list that stands in files, to try the engine or to measure it.",
        discussion: """
            Reads a folder with recipients.csv, supporters.csv and exclusions.csv, or with the possible pairs (edges.bin
            and capacity.bin, or edges.csv), writes who is with whom, and prints how that is and how long it took as a
            line of JSON. Needs no database and knows nobody's name. docs/matching.md explains files, jobs and methods.
            """)

    @Option(help: "optimal, stable, fair, even, repair, online or scoring.") var job: MatchJob
    @Option(name: .customLong("in"), help: "The folder with the instance.") var folder: String
    @Option(help: "Where to write the answer, as .csv or .bin.") var out: String
    @Option(help: "What to begin with: edges or attributes; edges where there are any.") var from: MatchSource?
    @Option(help: "How many supporters to find for each person when online.") var best = 10
    @Option(help: "The one person to match online, with whoever is excluded and why.") var person: Int?
    @Option(help: "How many of a hundred who could be assigned must still be when fair.") var percent = 99

    @Option(help: "A file with the group of each recipient, for even.") var groups: String?
    @Option(help: "How many of a hundred points may be lost to even out groups.") var losing = 5

    func validate() throws {
        guard out.hasSuffix(".csv") || out.hasSuffix(".bin") else {
            throw ValidationError("--out should end in .csv or .bin.")
        }
        guard job != .online || out.hasSuffix(".csv") else {
            throw ValidationError("Online answers are written as .csv only.")
        }
        guard job == .online || person == nil else { throw ValidationError("--person is for --job online.") }
        guard best > 0 else { throw ValidationError("--best should be 1 or more.") }
        guard (0...100).contains(percent) else { throw ValidationError("--percent should be 0 to 100.") }
        guard (0...100).contains(losing) else { throw ValidationError("--losing should be 0 to 100.") }
        guard (job == .even) == (groups != nil) else {
            throw ValidationError("--job even and --groups need each other.")
        }
        guard ![.online, .scoring].contains(job) || from != .edges else {
            throw ValidationError("This job begins with attributes.")
        }
        guard job != .repair || from != .attributes else { throw ValidationError("This job begins with edges.") }
    }

    func run() async throws {
        try await failing {
            let (report, answer) = try answer(in: InstanceFolder(path: folder))
            do { try answer.write(to: URL(filePath: out), options: .atomic) } catch {
                throw OpenError("The answer could not be written to \(out).")
            }
            try give(report.line)
        }
    }

    private func answer(in folder: InstanceFolder) throws -> (MatchReport, Data) {
        switch job {
        case .online: return try online(in: folder)
        case .scoring: return try scoring(in: folder)
        case .optimal, .stable, .fair, .even, .repair: break
        }
        let (report, assignment) = try job == .repair ? repair(in: folder) : assign(in: folder)
        return (report, out.hasSuffix(".bin") ? assignment.binary : assignment.table)
    }
}

enum MatchJob: String, CaseIterable, ExpressibleByArgument {
    case optimal, stable, fair, even, repair, online, scoring
}

enum MatchSource: String, CaseIterable, ExpressibleByArgument {
    case edges, attributes
}

extension Assignment {
    /// 32 bits for each person, -1 for nobody.
    fileprivate var binary: Data { supporters.map(\.littleEndian).withUnsafeBytes { Data($0) } }

    /// A line for each person who has a supporter.
    fileprivate var table: Data {
        var text = "recipient,supporter\n"
        for (person, supporter) in supporters.enumerated() where supporter >= 0 { text += "\(person),\(supporter)\n" }
        return Data(text.utf8)
    }
}
