import Foundation
import Testing

@Suite("kith match", .timeLimit(.minutes(35)))
struct MatchCommandTests {
    private struct Ran {
        let code: Int32
        let report: [String: Any]
        let answer: String
        let error: String
    }

    private func match(_ kith: BuiltProgram, _ arguments: String..., out: String = "answer.csv") throws -> Ran {
        let (output, error) = (Pipe(), Pipe())
        let process = try kith.start(["match", "--in", "instance", "--out", out] + arguments, error: error)
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        let line = try output.fileHandleForReading.readToEnd() ?? Data()
        let said = try error.fileHandleForReading.readToEnd() ?? Data()
        let answer = FileManager.default.contents(atPath: kith.folder + "/" + out) ?? Data()
        return Ran(
            code: process.terminationStatus,
            report: (try? JSONSerialization.jsonObject(with: line)) as? [String: Any] ?? [:],
            answer: out.hasSuffix(".csv") ? String(decoding: answer, as: UTF8.self) : answer.map { "\($0)" }.joined(),
            error: String(decoding: said, as: UTF8.self))
    }

    private func with(_ body: (BuiltProgram) throws -> Void) async throws {
        try await BuiltProgram.with { kith in
            try InstanceFiles().write { folder in
                try FileManager.default.copyItem(atPath: folder, toPath: kith.folder + "/instance")
            }
            try body(kith)
        }
    }

    @Test("Each job writes who is with whom and says how that is")
    func jobs() async throws {
        try await with { kith in
            for source in ["edges", "attributes"] {
                let optimal = try match(kith, "--job", "optimal", "--from", source)
                #expect(optimal.code == 0, "\(optimal.error)")
                // Person 2 has one supporter only; of the two others the one with the higher score gets the other.
                #expect(optimal.answer == "recipient,supporter\n0,0\n2,1\n")
                #expect(optimal.report["assigned"] as? Int == 2)
                #expect(optimal.report["score"] as? Int == 860)
                #expect(optimal.report["gap"] as? Int == 0)
                let stable = try match(kith, "--job", "stable", "--from", source)
                #expect(stable.answer == "recipient,supporter\n0,0\n2,1\n")
                let fair = try match(kith, "--job", "fair", "--from", source, "--percent", "50")
                #expect(fair.answer == "recipient,supporter\n0,0\n")
                #expect(fair.report["floor"] as? Int == 560)
            }
            let repaired = try match(kith, "--job", "repair")
            #expect(repaired.answer == "recipient,supporter\n0,0\n2,1\n", "\(repaired.error)")
            #expect(repaired.report["gap"] as? Int == 0)
            #expect((repaired.report["repairs"] as? [String: Double])?.count == 6)
            let binary = try match(kith, "--job", "optimal", out: "answer.bin")
            #expect(binary.answer == "0000" + "255255255255" + "1000")
        }
    }

    @Test("Even lets a group have a place for no more than may be lost, and says what is wrong with groups")
    func even() async throws {
        try await with { kith in
            func evened(_ groups: String, losing: String) throws -> Ran {
                try groups.write(toFile: kith.folder + "/groups.csv", atomically: true, encoding: .utf8)
                return try match(kith, "--job", "even", "--groups", "groups.csv", "--losing", losing)
            }
            let groups = "recipient,group\n0,0\n1,1\n2,0\n"
            let kept = try evened(groups, losing: "2")
            #expect(kept.answer == "recipient,supporter\n0,0\n2,1\n", "\(kept.error)")
            #expect(kept.report["even"] as? Bool == false && kept.report["loss"] as? Int == 0)
            // Person 0 goes to the other supporter for it, who lets person 2 go: 25 of 860 points.
            let moved = try evened(groups, losing: "3")
            #expect(moved.answer == "recipient,supporter\n0,1\n1,0\n", "\(moved.error)")
            #expect(moved.report["even"] as? Bool == true && moved.report["loss"] as? Int == 25)
            #expect(moved.report["served"] as? [Int] == [1, 1])
            for (wrong, said) in [
                ("recipient,group\n0,0\n1,1\n", "recipient 2 is missing"),
                ("recipient,group\n0,0\n0,1\n", "line 3: recipient 0 stands there a second time"),
                ("recipient,group\n0,0\n1,-1\n", "line 3: group is -1"),
                ("recipient,group\n7,0\n", "line 2: recipient is 7"), ("person,group\n", "the columns should be")
            ] {
                let refused = try evened(wrong, losing: "10")
                #expect(refused.code == 1 && refused.error.contains(said), "\(refused.error)")
            }
            #expect(try match(kith, "--job", "even").code != 0)
            #expect(try match(kith, "--job", "fair", "--groups", "groups.csv").code != 0)
        }
    }

    @Test("Scoring writes the possible pairs and knows whether they are the expected ones")
    func scoring() async throws {
        try await with { kith in
            let edges = try String(contentsOfFile: kith.folder + "/instance/edges.csv", encoding: .utf8)
            let scored = try match(kith, "--job", "scoring")
            #expect(scored.answer == edges, "\(scored.error)")
            let checksum = try #require(scored.report["edges_crc32"] as? Int)
            for (sum, agrees) in [(checksum, true), (checksum ^ 1, false)] {
                try #"{"recipients": 3, "edges_crc32": \#(sum)}"#
                    .write(toFile: kith.folder + "/instance/manifest.json", atomically: true, encoding: .utf8)
                #expect(try match(kith, "--job", "scoring").report["edges_crc32_agrees"] as? Bool == agrees)
            }
        }
    }

    @Test("Online, each person's best come with where the points are from, and for one also who is excluded and why")
    func online() async throws {
        try await with { kith in
            let heading = "recipient,rank,supporter,score,experience,hours,gender,age,modality,excluded_by\n"
            let all = try match(kith, "--job", "online")
            #expect(
                all.answer == heading + "0,1,0,560,160,100,100,100,100,\n0,2,1,355,80,50,100,25,100,\n"
                    + "1,1,0,480,80,125,100,75,100,\n2,1,1,300,0,50,100,50,100,\n",
                "\(all.error)")
            let one = try match(kith, "--job", "online", "--person", "1", "--best", "1")
            #expect(one.answer == heading + "1,1,0,480,80,125,100,75,100,\n1,,1,,,,,,,exclusion\n")
        }
    }

    @Test("What cannot be done is said in a sentence, and nothing is written")
    func refusals() async throws {
        try await with { kith in
            #expect(try match(kith, "--job", "online", "--person", "3").error.contains("There is no recipient 3 in"))
            #expect(try match(kith, "--job", "optimal", out: "answer.txt").error.contains("should end in .csv or .bin"))
            #expect(try match(kith, "--job", "online", "--best", "0").code != 0)
            #expect(try match(kith, "--job", "fair", "--percent", "101").code != 0)
            #expect(try match(kith, "--job", "online", "--from", "edges").code != 0)
            #expect(
                try match(kith, "--job", "optimal", out: "no/such/folder.csv").error.contains("could not be written"))
            try FileManager.default.removeItem(atPath: kith.folder + "/instance/exclusions.csv")
            let missing = try match(kith, "--job", "optimal", "--from", "attributes")
            #expect(missing.code == 1 && missing.error.contains("There is no file instance/exclusions.csv"))
            try "recipient,supporter,score,priority\n0,5,1,1\n"
                .write(toFile: kith.folder + "/instance/edges.csv", atomically: true, encoding: .utf8)
            let unknown = try match(kith, "--job", "stable")
            #expect(unknown.code == 1 && unknown.error == "kith: edges.csv, line 2: there is no supporter 5.\n")
            #expect(!FileManager.default.fileExists(atPath: kith.folder + "/answer.csv"))
        }
    }
}
