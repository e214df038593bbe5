import Crypto
import Foundation
import Storage

/// What one browser says to another in a room while they look for a way to each other (session descriptions and
/// candidates), sealed with the room's key: addresses of people stand in it. It is gone two minutes later, when either of
/// them leaves, and when the room ends.
struct VideoSignal: Sendable {
    /// Counts up for each stay it is sent to.
    let sequence: Int
    let sender: VideoStay.ID
    /// nil: somebody who runs the meeting asks them to turn their microphone off.
    let text: String?

    /// The longest, in characters.
    static let longest = 60_000

    static func context(_ from: VideoStay.ID, _ to: VideoStay.ID) -> String { "video_signal:\(from):\(to)" }

    /// Puts one down, if both are in the room at this moment.
    /// - Parameter body: sealed.
    static func put(
        _ body: String?, from sender: VideoStay.ID, to stay: VideoStay.ID, of house: Organization.ID, at now: Instant,
        _ run: (SQL) throws -> Int
    ) throws {
        let counted = try run(
            """
            UPDATE video_stay SET signals = signals + 1 WHERE organization_id = \(house) AND id = \(stay)
            AND entered_at IS NOT NULL AND left_at IS NULL AND EXISTS (SELECT 1 FROM video_stay f
                WHERE f.organization_id = \(house) AND f.id = \(sender) AND f.meeting_id = video_stay.meeting_id
                AND f.entered_at IS NOT NULL AND f.left_at IS NULL)
            """)
        guard counted > 0 else { return }
        _ = try run(
            """
            INSERT INTO video_signal (organization_id, stay_id, sequence, sender_id, body, sent_at)
            SELECT organization_id, id, signals, CAST(\(sender) AS TEXT), CAST(\(body) AS TEXT), CAST(\(now) AS TEXT)
            FROM video_stay WHERE organization_id = \(house) AND id = \(stay)
            """)
    }

    /// What was said to somebody who has left, and by them, is gone.
    static func forget(_ stay: VideoStay.ID, of house: Organization.ID, in db: Writing) throws {
        try db.run(
            """
            DELETE FROM video_signal
            WHERE organization_id = \(house) AND (stay_id = \(stay) OR sender_id = \(stay))
            """)
    }

    /// What was said to a stay since.
    static func all(
        to stay: VideoStay, after sequence: Int, in room: VideoRoom, _ db: Reading
    ) throws -> [VideoSignal] {
        let rows = try db.all(
            """
            SELECT sequence, sender_id, body FROM video_signal WHERE organization_id = \(room.meeting.organization)
            AND stay_id = \(stay.id) AND sequence > \(sequence)
            AND sent_at >= \(db.now.adding(seconds: -VideoRoom.signalSeconds)) ORDER BY sequence LIMIT 50
            """
        ) { (try $0["sequence"] as Int, try $0["sender_id"] as VideoStay.ID, try $0["body"] as String?) }
        guard !rows.isEmpty, let key = try room.openKey(in: db.world) else { return [] }
        return try rows.map { sequence, sender, body in
            let bytes = try body.map { body in
                guard let bytes = AES.GCM.opened(body, with: key, bound: context(sender, stay.id)) else {
                    throw Fault("a signal of a room is damaged")
                }
                return bytes
            }
            return VideoSignal(
                sequence: sequence, sender: sender, text: bytes.map { String(decoding: $0, as: UTF8.self) })
        }
    }
}

extension Platform {
    /// Passes on what one browser says to another in a room. Like a claim it is nobody's act, so it leaves no event.
    /// - Throws: ``Problem/notFound`` unless both are in the room now.
    func signal(
        _ text: String, from mine: VideoStay.ID, to stay: VideoStay.ID, in meeting: Meeting.ID,
        as credential: Credential
    ) async throws {
        let (house, body) = try await read(as: credential) { db in
            let room = try VideoRoom.find(meeting, in: db)
            guard let me = try room.mine(mine, in: db).ifStill(at: db.now), me.isIn, room.hours(at: db.now) == .open,
                try room.people(in: db).contains(where: { $0.id == stay && $0.isIn }),
                let key = try room.openKey(in: db.world)
            else { throw Problem.notFound }
            let body = try AES.GCM.sealed(Array(text.utf8), with: key, bound: VideoSignal.context(mine, stay))
            return (room.meeting.organization, body)
        }
        let now = world.now()
        // Only now is it known whose place it is: nobody uses up what another may send.
        try videoSignals.take(for: mine.text, at: now)
        try await store.write { writer in
            try VideoSignal.put(body, from: mine, to: stay, of: house, at: now) { try writer.run($0) }
        }
        announce([.room(stay.text)])
    }

    /// Somebody's browser says that it is still there. That it does is nobody's act, and leaves no event.
    /// - Throws: ``Problem/notFound`` once their place in the room is gone.
    func notePulse(of stay: VideoStay.ID, in meeting: Meeting.ID, as credential: Credential) async throws {
        let house = try await read(as: credential) { db in
            let room = try VideoRoom.find(meeting, in: db)
            guard try room.mine(stay, in: db).leftAt == nil, room.hours(at: db.now) == .open else {
                throw Problem.notFound
            }
            return room.meeting.organization
        }
        let now = world.now()
        _ = try await store.write { writer in
            try writer.run(
                """
                UPDATE video_stay SET seen_at = \(now) WHERE organization_id = \(house) AND id = \(stay)
                AND left_at IS NULL
                """)
        }
    }

    /// Ends what nobody has ended: rooms past their time, places of browsers that are gone, and what browsers said to each
    /// other some time ago. Several processes may do it at once.
    package func closeVideoRooms() async throws {
        let (now, limit) = (world.now(), world.now().adding(seconds: -VideoRoom.patienceSeconds))
        let due = try await store.read { reader in
            try reader.all(
                """
                SELECT r.organization_id, r.meeting_id FROM video_room r WHERE r.ended_at IS NULL AND (
                    EXISTS (SELECT 1 FROM meeting m WHERE m.organization_id = r.organization_id AND m.id = r.meeting_id
                        AND (m.ends_at <= \(now.adding(minutes: -VideoRoom.minutesAround))
                            OR m.state NOT IN ('planned', 'moved', 'running')))
                    OR EXISTS (SELECT 1 FROM video_stay s WHERE s.organization_id = r.organization_id
                        AND s.meeting_id = r.meeting_id AND s.left_at IS NULL AND s.seen_at <= \(limit)))
                LIMIT 500
                """
            ) { (house: try $0["organization_id"] as Organization.ID, meeting: try $0["meeting_id"] as Meeting.ID) }
        }
        let old = now.adding(seconds: -VideoRoom.signalSeconds)
        _ = try await store.write { try $0.run("DELETE FROM video_signal WHERE sent_at < \(old)") }
        try await inTurn(due) { try await close($0.meeting, of: $0.house) }
    }

    /// Ends a room that is past its time, and the places in it of whoever is gone.
    func close(_ meeting: Meeting.ID, of house: Organization.ID) async throws {
        try await write(as: .system(house), access: .anyone) { db in
            let room = try VideoRoom.load(meeting, in: db)
            try room.endLost(in: db)
            if room.hours(at: db.now) == .over { try room.close(in: db) } else { try room.fill(in: db) }
        }
    }
}
