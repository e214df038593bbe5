import Foundation
import Matching

/// A folder with an instance of the matching problem: attributes (recipients.csv, supporters.csv, exclusions.csv), or
/// the pairs that are possible (edges.bin and capacity.bin, or edges.csv with supporters.csv), with manifest.json
/// beside them.
struct InstanceFolder {
    let path: String

    /// Everybody as they stand in the files.
    struct Attributes {
        let people: [Pool.Person]
        let supporters: [Pool.Supporter]
        let exclusions: [Pool.Exclusion]

        func pool() throws(InstanceFault) -> Pool {
            do throws(PoolError) {
                return try Pool(people: people, supporters: supporters, exclusions: exclusions)
            } catch {
                throw InstanceFolder.fault(error)
            }
        }
    }

    func attributes() throws -> Attributes {
        let people = try people()
        let supporters = try supporters()
        let exclusions = try exclusions(people: people.count, supporters: supporters.count)
        return Attributes(people: people, supporters: supporters, exclusions: exclusions)
    }

    /// The possible pairs as they stand in the files, and how much room each supporter has.
    func edges() throws -> Edges {
        let people = try manifest().recipients
        guard people > 0 else { throw fault("manifest.json", "there are no recipients") }
        // Each costs memory, whether there are pairs for them or not.
        guard people <= 100_000_000 else { throw fault("manifest.json", "there are more than 100 million recipients") }
        guard exists("edges.bin") else {
            return Edges(people: people, capacities: try supporters().map(\.capacity), pairs: try listedPairs())
        }
        let capacities = try records(of: Int32.self, in: "capacity.bin")
        guard !capacities.isEmpty else { throw fault("capacity.bin", "there are no supporters") }
        return Edges(people: people, capacities: capacities, pairs: try records(of: Pair.self, in: "edges.bin"))
    }

    struct Edges {
        let people: Int
        let capacities: [Int32]
        let pairs: [Pair]
    }

    func pairs(of edges: Edges) throws(InstanceFault) -> Pairs {
        do throws(PairsError) {
            return try Pairs(people: edges.people, capacities: edges.capacities, edges.pairs)
        } catch {
            throw fault(error)
        }
    }

    var hasEdges: Bool { exists("edges.bin") || exists("edges.csv") }

    /// ``Pairs/optimum()``, and its like, of pairs that were taken in.
    func solve<Answer: ~Copyable>(_ body: () throws(PairsError) -> Answer) throws(InstanceFault) -> Answer {
        do throws(PairsError) { return try body() } catch { throw fault(error) }
    }

    /// Each recipient's group. Everybody stands in the file once, in any order.
    func groups(in file: String) throws -> [Int] {
        let people = try manifest().recipients
        var table = try Table(file, [UInt8](contents(of: file)), columns: ["recipient", "group"])
        var groups = [Int](repeating: -1, count: max(0, people))
        while try table.next() {
            let person = try table.number(Int.self, in: 0...(people - 1))
            guard groups[person] < 0 else { throw table.fault("recipient \(person) stands there a second time") }
            groups[person] = try table.number(Int.self, in: 0...9_999)
        }
        if let missing = groups.firstIndex(of: -1) { throw table.fault("recipient \(missing) is missing") }
        return groups
    }

    struct Manifest: Decodable {
        let recipients: Int
        let checksum: UInt32?

        enum CodingKeys: String, CodingKey {
            case recipients
            case checksum = "edges_crc32"
        }
    }

    func manifest() throws -> Manifest {
        do {
            return try JSONDecoder().decode(Manifest.self, from: Data(bytes(of: "manifest.json")))
        } catch is DecodingError {
            throw fault("manifest.json", "it does not say how many recipients there are")
        }
    }

    // MARK: - Files

    private func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + file) }

    func bytes(of file: String) throws -> [UInt8] { [UInt8](try contents(of: path + "/" + file)) }

    /// Numbers of 32 bits, the lowest byte first.
    private func records<Record: BitwiseCopyable>(of type: Record.Type, in file: String) throws -> [Record] {
        let data = try contents(of: path + "/" + file)
        let size = MemoryLayout<Record>.stride
        guard data.count % size == 0 else {
            throw InstanceFault(
                file: file, place: .record(data.count / size),
                reason: "it ends after \(data.count % size) of \(size) bytes; the file may have been cut off")
        }
        return [Record](unsafeUninitializedCapacity: data.count / size) { buffer, count in
            count = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer)) / size
        }
    }

    private func fault(_ file: String, _ reason: String) -> InstanceFault {
        InstanceFault(file: file, place: .whole, reason: reason)
    }

    private func fault(_ error: PairsError) -> InstanceFault {
        let isBinary = exists("edges.bin")
        func edge(_ pair: Int, _ reason: String) -> InstanceFault {
            isBinary
                ? InstanceFault(file: "edges.bin", place: .record(pair), reason: reason)
                : InstanceFault(file: "edges.csv", place: .line(pair + 2), reason: reason)
        }
        switch error {
        case .unknownPerson(let pair, let person): return edge(pair, "there is no recipient \(person)")
        case .unknownSupporter(let pair, let supporter): return edge(pair, "there is no supporter \(supporter)")
        case .scoreOutOfRange(let pair, let score):
            return edge(pair, "score is \(score), which is not between 0 and \(Pairs.highestScore)")
        case .duplicate(let pair, let person, let supporter):
            return edge(pair, "recipient \(person) and supporter \(supporter) stand there a second time")
        case .negativeCapacity(let supporter, let capacity):
            let reason = "capacity is \(capacity), which is less than nothing"
            return isBinary
                ? InstanceFault(file: "capacity.bin", place: .record(supporter), reason: reason)
                : InstanceFault(file: "supporters.csv", place: .line(supporter + 2), reason: reason)
        case .tooMany: return fault(isBinary ? "edges.bin" : "edges.csv", "there are more than can be taken in")
        }
    }

    private static func fault(_ error: PoolError) -> InstanceFault {
        switch error {
        case .outOfRange(let side, let index, let field):
            InstanceFault(
                file: side == .person ? "recipients.csv" : "supporters.csv", place: .line(index + 2),
                reason: "\(field.rawValue) is out of range")
        case .unknownPerson(let exclusion, let person):
            InstanceFault(
                file: "exclusions.csv", place: .line(exclusion + 2), reason: "there is no recipient \(person)")
        case .unknownSupporter(let exclusion, let supporter):
            InstanceFault(
                file: "exclusions.csv", place: .line(exclusion + 2), reason: "there is no supporter \(supporter)")
        case .duplicate(let exclusion):
            InstanceFault(
                file: "exclusions.csv", place: .line(exclusion + 2), reason: "this pair stands there a second time")
        case .tooMany:
            InstanceFault(file: "recipients.csv", place: .whole, reason: "there are more than can be taken in")
        }
    }
}
