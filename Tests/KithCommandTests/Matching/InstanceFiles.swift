import Foundation

/// A small instance: three people, two supporters, four possible pairs; and what can be broken about it.
struct InstanceFiles {
    var files: [String: Data]

    init() {
        let recipients = """
            id,languages,programme,age_band,modalities,consent,x,y,max_distance,experience,availability,wanted_gender,\
            preferred_modality,wait_days
            0,1,0,2,3,f,0,0,100,00000000000000000000000000000003,00000000000000000000000000000000000000000f,0,1,10
            1,1,0,3,1,f,0,0,100,80000000000000000000000000000000,80000000000000000000000000000000000000000f,2,1,20
            2,2,1,3,8,f,0,0,100,00000000000000000000000000000000,000000000000000000000000000000000000000003,0,8,300

            """
        let supporters = """
            id,capacity,languages,programmes,age_band,age_bands_accepted,modalities,consent_required,x,y,max_distance,\
            experience,availability,gender
            0,1,1,1,2,7f,3,0,10,10,100,80000000000000000000000000000003,80000000000000000000000000000000000000000f,2
            1,1,3,3,5,7f,f,1,30,40,50,00000000000000000000000000000001,000000000000000000000000000000000000000003,1

            """
        let edges = """
            recipient,supporter,score,priority
            0,0,560,270
            0,1,355,140
            1,0,480,225
            2,1,300,350

            """
        files = [
            "recipients.csv": Data(recipients.utf8), "supporters.csv": Data(supporters.utf8),
            "exclusions.csv": Data("recipient,supporter\n1,1\n".utf8),
            "manifest.json": Data(#"{"recipients": 3, "supporters": 2}"#.utf8),
            "edges.csv": Data(edges.utf8)
        ]
    }

    /// The possible pairs in the other form.
    mutating func makeBinary() {
        files["edges.csv"] = nil
        files["edges.bin"] = Self.binary([0, 0, 560, 270, 0, 1, 355, 140, 1, 0, 480, 225, 2, 1, 300, 350])
        files["capacity.bin"] = Self.binary([1, 1])
    }

    mutating func replace(_ file: String, _ old: String, _ new: String) {
        files[file] = files[file].map { Data(String(decoding: $0, as: UTF8.self).replacing(old, with: new).utf8) }
    }

    static func binary(_ numbers: [Int32]) -> Data {
        numbers.map(\.littleEndian).withUnsafeBytes { Data($0) }
    }

    func write<T>(_ body: (_ folder: String) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.path + "/kith_match_\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (file, data) in files { try data.write(to: URL(filePath: folder + "/" + file)) }
        return try body(folder)
    }
}
