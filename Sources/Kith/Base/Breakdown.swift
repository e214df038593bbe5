import HTTPTypes
import Storage

/// What is not a ``Problem``: nobody asked for anything wrong, and yet it did not work.
package enum Breakdown: String, Sendable {
    /// The disk has no room. Nothing was saved.
    case noRoom = "no-room"
    /// The database is away or too busy, mostly for seconds. Whether something was saved is not always known.
    case away
    /// Everything else, which is ours to find out. Nothing was saved.
    case fault

    package init(_ error: any Error) {
        self =
            switch (error as? StoreError)?.kind {
            case .full: .noRoom
            case .lost, .conflict, .closed: .away
            default: .fault
            }
    }

    package var status: HTTPResponse.Status {
        switch self {
        case .noRoom: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        case .away: .serviceUnavailable
        case .fault: .internalServerError
        }
    }

    /// After how many seconds it is worth another try.
    package var retryAfter: Int? {
        switch self {
        case .noRoom: 60
        case .away: 5
        case .fault: nil
        }
    }
}
