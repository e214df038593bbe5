import Foundation
import Matching
import Testing

@testable import KithCommand

@Suite("Instances in files")
struct InstanceFolderTests {
    private func fault(_ break: (inout InstanceFiles) -> Void) throws -> String? {
        var files = InstanceFiles()
        `break`(&files)
        return try files.write { path in
            let folder = InstanceFolder(path: path)
            do {
                _ = try folder.attributes().pool().pairs()
                if folder.hasEdges { _ = try folder.pairs(of: folder.edges()).optimum() }
                return nil
            } catch let fault as InstanceFault {
                return fault.description
            }
        }
    }

    @Test("Attributes and pairs, as text and as numbers, are the same instance")
    func sameInstance() throws {
        var files = InstanceFiles()
        let (fromAttributes, fromText) = try files.write { path in
            let folder = InstanceFolder(path: path)
            return (try folder.attributes().pool().pairs(), try folder.pairs(of: folder.edges()))
        }
        files.makeBinary()
        let fromNumbers = try files.write { path in
            try InstanceFolder(path: path).pairs(of: InstanceFolder(path: path).edges())
        }
        #expect(fromAttributes == fromText)
        #expect(fromNumbers == fromText)
        #expect(fromText.count == 4)
    }

    @Test("Lines may end as on Windows")
    func windows() throws {
        #expect(try fault { $0.replace("recipients.csv", "\n", "\r\n") } == nil)
    }

    @Test(
        "What is wrong is said with file and line",
        arguments: [
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,3,,", "recipients.csv, line 3: modalities is empty"),
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,3,g,", "recipients.csv, line 3: modalities is “g”"),
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,3,10,", "recipients.csv, line 3: modalities has more than 4 bits"),
            ("recipients.csv", "1,1,0,3,1,", "1,10000,0,3,1,", "recipients.csv, line 3: languages has more than 16"),
            ("recipients.csv", "1,1,0,3,1,", "1,1,64,3,1,", "recipients.csv, line 3: programme is 64, which is not"),
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,NaN,1,", "recipients.csv, line 3: age_band is “NaN”"),
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,2.5,1,", "recipients.csv, line 3: age_band is “2.5”"),
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,+3,1,", "recipients.csv, line 3: age_band is “+3”"),
            (
                "recipients.csv", "1,1,0,3,1,", "1,1,0,99999999999999999999,1,",
                "recipients.csv, line 3: age_band is “99999999999999999999”, which is not a whole number"
            ),
            ("recipients.csv", "1,1,0,3,1,", "1,1,0,-1,1,", "recipients.csv, line 3: age_band is -1, which is not"),
            ("recipients.csv", "1,1,0,3,1,", "2,1,0,3,1,", "recipients.csv, line 3: id is 2, and 1 would be next"),
            ("recipients.csv", "f,2,1,20", "f,2,3,20", "recipients.csv, line 3: preferredModality is out of range"),
            ("recipients.csv", "f,2,1,20", "1f,2,1,20", "recipients.csv, line 3"),
            ("recipients.csv", "f,2,1,20", "f,2,1,20,7", "recipients.csv, line 3: there are more than 14 fields"),
            ("recipients.csv", "f,2,1,20", "f,2,1", "recipients.csv, line 3: wait_days is missing"),
            ("recipients.csv", "3,0,8,300\n", "3,0,8,300", "recipients.csv, line 4: the line does not end"),
            ("recipients.csv", "3,0,8,300\n", "3,0,8,3\n4", "recipients.csv, line 5: languages is missing"),
            ("recipients.csv", "id,languages", "id,tongues", "recipients.csv, line 1: the columns should be id,lang"),
            (
                "recipients.csv", "8000000000000000000000000000000000000000",
                "100000000000000000000000000000000000000000", "recipients.csv, line 3: availability has more than 168"
            ),
            ("supporters.csv", "0,1,1,1", "0,-1,1,1", "supporters.csv, line 2: capacity is -1, which is not between"),
            ("supporters.csv", "0,1,1,1", "0,2147483648,1,1", "supporters.csv, line 2: capacity is 2147483648"),
            ("supporters.csv", "f,2\n", "f,0\n", "supporters.csv, line 2: gender is 0, which is not between 1 and 3"),
            (
                "exclusions.csv", "1,1\n", "3,1\n",
                "exclusions.csv, line 2: recipient is 3, which is not between 0 and 2"
            ),
            ("exclusions.csv", "1,1\n", "1,2\n", "exclusions.csv, line 2: supporter is 2, which is not between 0"),
            ("exclusions.csv", "1,1\n", "1,1\n1,1\n", "exclusions.csv, line 3: this pair stands there a second time"),
            ("edges.csv", "0,1,355,140", "3,1,355,140", "edges.csv, line 3: there is no recipient 3"),
            ("edges.csv", "0,1,355,140", "0,-1,355,140", "edges.csv, line 3: there is no supporter -1"),
            ("edges.csv", "0,1,355,140", "0,1,-5,140", "edges.csv, line 3: score is -5, which is not between"),
            ("edges.csv", "0,1,355,140", "0,0,355,140", "edges.csv, line 3: recipient 0 and supporter 0 stand there a"),
            ("manifest.json", "recipients", "people", "manifest.json: it does not say how many recipients"),
            ("manifest.json", "3", "0", "manifest.json: there are no recipients"),
            ("manifest.json", "3", "2000000000", "manifest.json: there are more than 100 million recipients"),
            ("manifest.json", "3", "1e400", "manifest.json: it does not say how many recipients")
        ])
    func faults(file: String, old: String, new: String, message: String) throws {
        #expect(try fault { _ in } == nil)
        let said = try fault { $0.replace(file, old, new) }
        #expect(said?.hasPrefix(message) == true, "\(said ?? "nothing")")
    }

    @Test("Nobody at all is said of the side that is empty")
    func emptySides() throws {
        for (file, message) in [
            ("recipients.csv", "recipients.csv, line 1: there are no recipients"),
            ("supporters.csv", "supporters.csv, line 1: there are no supporters")
        ] {
            let said = try fault { files in
                let lines = files.files[file].map { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
                files.files[file] = lines?.first.map { Data("\($0)\n".utf8) }
            }
            #expect(said?.hasPrefix(message) == true, "\(said ?? "nothing")")
        }
    }

    @Test("Numbers that were cut off, and ones that make no sense, are said with their record")
    func records() throws {
        for (file, numbers, cut, message) in [
            ("edges.bin", [0, 0, 460, 270, 0, 1, 255, 140], 3, "edges.bin, record 1: it ends after 13 of 16 bytes"),
            ("edges.bin", [0, 0, 460, 270, 3, 1, 255, 140], 0, "edges.bin, record 1: there is no recipient 3"),
            ("edges.bin", [0, 2, 460, 270], 0, "edges.bin, record 0: there is no supporter 2"),
            ("edges.bin", [0, 0, .min, 270], 0, "edges.bin, record 0: score is -2147483648, which is not between"),
            ("capacity.bin", [1, -1], 0, "capacity.bin, record 1: capacity is -1, which is less than nothing"),
            ("capacity.bin", [1, 1], 2, "capacity.bin, record 1: it ends after 2 of 4 bytes"),
            ("capacity.bin", [], 0, "capacity.bin: there are no supporters")
        ] as [(String, [Int32], Int, String)] {
            let said = try fault { files in
                files.makeBinary()
                files.files[file] = InstanceFiles.binary(numbers).dropLast(cut)
            }
            #expect(said?.hasPrefix(message) == true, "\(said ?? "nothing")")
        }
    }

    @Test("Files cut off anywhere, and files with any byte changed, give an error or an answer, never the end")
    func mangled() throws {
        var state: UInt64 = 1
        func number(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var refused = 0
        for round in 0..<600 {
            let said = try fault { files in
                if round % 3 == 0 { files.makeBinary() }
                let names = files.files.keys.sorted()
                let name = names[number(names.count)]
                guard var data = files.files[name], !data.isEmpty else { return }
                if round % 2 == 0 {
                    data = data.prefix(number(data.count))
                } else {
                    data[data.startIndex + number(data.count)] = UInt8(number(256))
                }
                files.files[name] = data
            }
            if said != nil { refused += 1 }
        }
        #expect(refused > 200)
    }
}
