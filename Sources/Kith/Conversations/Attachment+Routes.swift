import Foundation
import HTTPTypes
import Hummingbird
import Media
import Web

extension Message.NewAttachment {
    /// The most that is sent with a message: the file, and what is written beside it.
    static let largestUpload = CleanFile.largest + 100_000

    /// What came with a form, read and cleaned.
    /// - Throws: ``Problem/invalid(_:)`` for `attachment`, with what is wrong with the file.
    init?(_ sent: Visit.SentFile, description: String?) throws {
        switch sent {
        case .none: return nil
        case .tooLarge: throw Problem.invalid("attachment", "file-too-large")
        case .whole(let bytes):
            do {
                try self.init(try CleanFile(bytes), description: description?.withoutHiddenMarks)
            } catch let refusal as FileRefusal {
                throw Problem.invalid("attachment", "file-\(refusal.rawValue)")
            }
        }
    }
}

extension Visit {
    /// Answers with what somebody sent. It is what we found it to be and nothing else, may do nothing, is called nothing
    /// that would tell of it; like every page it stays in no cache.
    func file(_ opened: Message.OpenedAttachment) -> Response {
        var response = Response.part(
            of: opened.bytes, type: opened.format.mediaType, asked: request.headers[.range])
        response.headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        response.headers[.contentDisposition] =
            "inline; filename=\"\(opened.format.kind.rawValue).\(opened.format.ending)\""
        return response
    }
}

extension ShownMessage {
    /// A picture or a voice note, as its readers see it; where it is they know by the message.
    struct File: Encodable {
        let kind: String
        /// What stands in its place, or beside it.
        let text: String
        /// As large as it is shown at most, so that what stands below does not move when it comes.
        let width: Int?
        let height: Int?

        private static let widest = 320.0
        private static let highest = 384.0

        init(_ attachment: Message.Attachment, _ words: Words) {
            kind = attachment.kind.rawValue
            switch attachment.kind {
            case .picture: text = attachment.description ?? words("attachment.picture.undescribed")
            case .voice:
                let length = Self.clock(attachment.seconds ?? 0)
                text =
                    attachment.description.map { words("attachment.voice.length-of", ["time": length, "what": $0]) }
                    ?? words("attachment.voice.length", ["time": length])
            }
            let size = attachment.size.map { (width: Double($0.width), height: Double($0.height)) }
            let scale = size.map { min(1, Self.widest / $0.width, Self.highest / $0.height) } ?? 1
            width = size.map { max(1, Int($0.width * scale)) }
            height = size.map { max(1, Int($0.height * scale)) }
        }

        static let none: [String: Value] = ["picture": .nothing, "voice": .nothing]

        /// - Parameter path: where it is.
        func value(at path: String) -> [String: Value] {
            let isPicture = kind == "picture"
            return [
                "picture": isPicture
                    ? [
                        "path": .text(path), "text": .text(text), "width": .number(width ?? 0),
                        "height": .number(height ?? 0)
                    ] : .nothing,
                "voice": isPicture ? .nothing : ["path": .text(path), "text": .text(text)]
            ]
        }

        /// Minutes and seconds: `1:05`.
        private static func clock(_ seconds: Int) -> String {
            "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
        }
    }
}

extension ConversationScreen {
    /// Lets a page on which voice notes can be recorded ask the browser for the microphone.
    func allowRecording(in response: inout Response) {
        guard writes, conversation.takesAttachments else { return }
        response.headers[.permissionsPolicy] = SecurityHeaders<SiteContext>.powers(allowed: ["microphone"])
    }
}
