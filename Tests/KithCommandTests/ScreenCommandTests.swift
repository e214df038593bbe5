import Foundation
import Testing

@Suite("kith screen", .timeLimit(.minutes(35)))
struct ScreenCommandTests {
    private func screen(
        _ kith: BuiltProgram, _ text: Data?, _ arguments: String..., input: Data? = nil
    ) throws -> (code: Int32, output: String, error: String) {
        let path = kith.folder + "/lines.txt"
        if let text { try text.write(to: URL(filePath: path)) }
        let (output, error, standardInput) = (Pipe(), Pipe(), Pipe())
        let process = try kith.start(["screen"] + arguments, error: error)
        process.standardOutput = output
        process.standardInput = standardInput
        try process.run()
        if let input { try standardInput.fileHandleForWriting.write(contentsOf: input) }
        try standardInput.fileHandleForWriting.close()
        process.waitUntilExit()
        func read(_ pipe: Pipe) throws -> String {
            String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        }
        return try (process.terminationStatus, read(output), read(error))
    }

    @Test("One verdict for each line, empty ones too, without a database")
    func lines() async throws {
        try await BuiltProgram.with { kith in
            let text = "I want to die\r\nThis traffic is killing me\n\nya no quiero vivir\nأريد أن أموت"
            let ran = try screen(kith, Data(text.utf8), "lines.txt")
            #expect(ran.code == 0, "\(ran.error)")
            #expect(ran.output == "worry wish-to-die\nnone\nnone\nworry wish-to-die\nworry wish-to-die\n")
            let piped = try screen(kith, nil, "-", input: Data(text.utf8))
            #expect(piped.output == ran.output)
            let nothing = try screen(kith, Data(), "lines.txt")
            #expect(nothing.code == 0 && nothing.output.isEmpty)
        }
    }

    @Test("Labels are compared with what was found")
    func labelled() async throws {
        try await BuiltProgram.with { kith in
            let text = "worry\tI want to die\nnone\tHello\nworry\tLovely weather\n"
            let ran = try screen(kith, Data(text.utf8), "lines.txt", "--labelled")
            #expect(ran.output == "lines.txt: recall 50.0 % (1 of 2), false alarms 0.0 % (0 of 1)\n", "\(ran.error)")
            let unlabelled = try screen(kith, Data("worry\tI want to die\nHello\n".utf8), "lines.txt", "--labelled")
            #expect(unlabelled.code == 1 && unlabelled.output.isEmpty)
            #expect(unlabelled.error.contains("Line 2 of lines.txt does not begin with worry or none"))
        }
    }

    @Test("What cannot be read is said in one sentence")
    func refusals() async throws {
        try await BuiltProgram.with { kith in
            let missing = try screen(kith, nil, "nowhere.txt")
            #expect(missing.code == 1 && missing.error == "kith: There is no file nowhere.txt.\n")
            let broken = try screen(kith, Data([0x61, 0x0A, 0xFF, 0xFE]), "lines.txt")
            #expect(broken.code == 1 && broken.error == "kith: Line 2 of lines.txt is not UTF-8 text.\n")
            #expect(broken.output.isEmpty)
        }
    }
}
