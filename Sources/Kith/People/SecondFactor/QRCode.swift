import CQRencode

/// A square picture of a text that a phone's camera reads (ISO/IEC 18004), made by libqrencode.
struct QRCode {
    /// Rows of modules, dark or light.
    let rows: [[Bool]]

    /// - Throws: ``Fault`` for a text that is too long, which none of ours is.
    init(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
            throw Fault("no QR code of \(bytes.count) bytes")
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        rows = (0..<width).map { row in
            (0..<width).map { column in code.pointee.data[row * width + column] & 1 == 1 }
        }
    }

    /// How wide and high the picture is in modules, with the quiet zone of four modules that cameras need.
    var size: Int { rows.count + 8 }

    /// The dark modules, as the outline of an SVG path.
    var path: String {
        var path = ""
        for (y, row) in rows.enumerated() {
            for (x, isDark) in row.enumerated() where isDark { path += "M\(x + 4) \(y + 4)h1v1h-1z" }
        }
        return path
    }

    /// Dark on light whatever the colors of the page.
    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size) \(size)" width="\(size * 5)" \
        height="\(size * 5)" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\(size)v\(size)H0z"/>\
        <path fill="#000" d="\(path)"/></svg>
        """
    }
}
