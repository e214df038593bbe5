import Media
import Web

extension FuzzTarget {
    /// A form with files, as browsers send it, with the boundary `b`.
    static let formWithFiles = FuzzTarget("form-with-files") { bytes in
        _ = try? MultipartForm(Array(bytes.prefix(bytes.count / 2)), boundary: "b", isCut: true)
        guard let form = try? MultipartForm(bytes, boundary: "b") else { return }
        var boundary = "again"
        while bytes.contains(boundary) { boundary += "x" }
        var again: [UInt8] = []
        func append(_ name: String, _ content: some Sequence<UInt8>, _ file: String) throws {
            let isPlain = !name.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0x22 || $0 == 0 }
            try promise("a name is one", isPlain && 1...100 ~= name.utf8.count)
            again += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n".utf8
            again += content
            again += "\r\n".utf8
        }
        for name in form.form.names {
            for value in form.form.all(name) {
                try promise("neither NUL nor CR", !value.utf8.contains { $0 == 0x00 || $0 == 0x0D })
                try append(name, value.utf8, "")
            }
        }
        for (name, files) in form.files {
            for file in files {
                try promise("a file has something in it", !file.isEmpty)
                try append(name, file, "; filename=\"x\"")
            }
        }
        again += "--\(boundary)--\r\n".utf8
        try promise("a form sent again is the same", (try? MultipartForm(again, boundary: boundary)) == form)
    }

    /// A picture or a voice note.
    static let media = FuzzTarget("media") { bytes in
        guard let clean = try? CleanFile(bytes) else { return }
        try promise("what is clean stays so", (try? CleanFile(clean.bytes)) == clean)
        switch clean.format.kind {
        case .picture:
            let pixels = clean.size.map { $0.width * $0.height } ?? 0
            try promise("a picture has a size", 1...CleanFile.mostPixels ~= pixels && clean.seconds == nil)
            try promise("nothing was put in but how to turn it", clean.bytes.count <= bytes.count + 64)
        case .voice:
            try promise("a voice note has a length", 1...CleanFile.longest ~= (clean.seconds ?? 0) && clean.size == nil)
            try promise("it does not grow without end", clean.bytes.count <= bytes.count * 4 + 512)
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return count >= wanted.count
            && indices.dropLast(wanted.count - 1).contains { self[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
