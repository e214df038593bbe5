internal import Foundation
internal import HTTPTypes
package import Hummingbird

/// The site's own style sheets, scripts and images, in memory. Each is served under an address that holds a hash of its
/// content, so that browsers may keep it forever and still see every change.
package struct Assets: Sendable {
    package struct Asset: Sendable {
        /// Where it is served: `/assets/kith.3f2a….css`.
        package let path: String
        /// The media type, from the suffix.
        package let type: String
        package let bytes: ByteBuffer
        let tag: String
    }

    private var byName: [String: Asset] = [:]
    private var byPath: [String: Asset] = [:]

    package init(_ files: [String: [UInt8]] = [:]) {
        for (name, bytes) in files { add(name, bytes) }
    }

    /// Loads every file in a folder and the folders in it. Hidden files are left out.
    package init(folder: String) throws(TemplateError) {
        guard Self.isFolder(folder), let files = FileManager.default.enumerator(atPath: folder) else {
            throw .unreadable(path: folder)
        }
        while let file = files.nextObject() as? String {
            let isHidden = file.split(separator: "/").contains { $0.hasPrefix(".") }
            if isHidden || Self.isFolder("\(folder)/\(file)") { continue }
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else {
                throw .unreadable(path: file)
            }
            add(file, Array(data))
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// An asset by its name in the folder.
    package subscript(name: String) -> Asset? { byName[name] }

    /// The address of an asset, by its name in the folder: `kith.css`.
    package func path(_ name: String) -> String? { byName[name]?.path }

    /// All names, sorted.
    package var names: [String] { byName.keys.sorted() }

    /// Serves the assets under `/assets`, for GET and HEAD.
    package func addRoutes<Context>(to router: some RouterMethods<Context>) {
        router.get("/assets/**") { request, _ in try respond(to: request) }
        router.head("/assets/**") { request, _ in try respond(to: request) }
    }

    private func respond(to request: Request) throws(Refusal) -> Response {
        guard let asset = byPath[request.uri.path] else {
            throw Refusal(.notFound, "There is nothing at this address.")
        }
        let headers: HTTPFields = [
            .contentType: asset.type, .eTag: asset.tag, .cacheControl: "public, max-age=31536000, immutable"
        ]
        let known = request.headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }
        if known.contains(where: { $0.filter { $0 != " " } == asset.tag }) {
            return Response(status: .notModified, headers: headers)
        }
        let response = Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.bytes))
        return request.method == .head ? response.createHeadResponse() : response
    }

    private mutating func add(_ name: String, _ bytes: [UInt8]) {
        let hash = Self.hash(bytes)
        let file = name.split(separator: "/").last ?? ""
        let dot = file.lastIndex(of: ".") ?? file.endIndex
        let suffix = file[dot...]
        let path = "/assets/\(name.dropLast(suffix.count)).\(hash)\(suffix)"
        let asset = Asset(
            path: path, type: Self.types[suffix.dropFirst().lowercased()] ?? "application/octet-stream",
            bytes: ByteBuffer(bytes: bytes), tag: "\"\(hash)\"")
        byName[name] = asset
        byPath[path] = asset
    }

    /// FNV-1a, 64 bits: it tells one version of our own file from the next, and need not withstand anybody.
    private static func hash(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp",
        "ico": "image/x-icon", "json": "application/json", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json", "woff2": "font/woff2", "html": "text/html; charset=utf-8"
    ]
}
