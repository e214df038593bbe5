internal import CCurl
internal import Foundation
internal import Glibc
internal import Synchronization

/// One exchange with another machine by libcurl. It blocks, so it runs on a thread of its own: a server that is slow, or
/// says nothing at all, keeps nobody else waiting.
struct Transfer {
    /// What the other side answered last, by its number.
    typealias Answer = Int

    let url: String
    var texts: [(CURLoption, String)] = []
    var numbers: [(CURLoption, Int)] = []
    var lists: [(CURLoption, [String])] = []
    /// What is sent.
    var body: [UInt8] = []
    let timeout: Duration

    /// Set up once for the process, before the first thread.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Throws: by libcurl's own word for what went wrong; an answer of 500 or more is no failure of the transfer when
    ///   libcurl takes it for none.
    func run() async throws(CarrierFailure) -> Answer {
        let canceled = Flag()
        let result: Result<Answer, CarrierFailure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: perform(unless: canceled)) }
            }
        } onCancel: {
            canceled.set()
        }
        return try result.get()
    }

    private func perform(unless canceled: Flag) -> Result<Answer, CarrierFailure> {
        guard Self.isReady, let handle = curl_easy_init() else { return .failure(.notNow(.unreachable)) }
        defer { curl_easy_cleanup(handle) }
        var kept: [UnsafeMutablePointer<curl_slist>?] = []
        defer { for list in kept { curl_slist_free_all(list) } }
        // Ours ends it first, see `Source.endsNow`; libcurl's own is for what ours does not see.
        let milliseconds = Int(timeout / .milliseconds(1)) + 2_000
        // No signals, no proxies from the environment, no cookies, nowhere but where we were told to.
        for (option, number) in [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_TIMEOUT_MS, milliseconds),
            (CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 10_000)), (CURLOPT_NOPROGRESS, 0),
            (CURLOPT_SERVER_RESPONSE_TIMEOUT, milliseconds / 1_000)
        ] + numbers { ccurl_set_number(handle, option, number) }
        for (option, text) in [(CURLOPT_URL, url), (CURLOPT_PROXY, "")] + texts { ccurl_set_text(handle, option, text) }
        for (option, lines) in lists {
            let list = lines.reduce(nil as UnsafeMutablePointer<curl_slist>?) { curl_slist_append($0, $1) }
            kept.append(list)
            ccurl_set_list(handle, option, list)
        }
        let source = Source(body, until: ContinuousClock.now + timeout, canceled)
        // The handle keeps a bare pointer; `source` lives until it has run.
        return withExtendedLifetime(source) {
            let context = Unmanaged.passUnretained(source).toOpaque()
            ccurl_set_context(handle, CURLOPT_READDATA, context)
            ccurl_set_transfer(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                return Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().give(into: bytes, size * count)
            }
            // What comes back is not for us; libcurl would print it.
            ccurl_set_transfer(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
            ccurl_set_context(handle, CURLOPT_XFERINFODATA, context)
            ccurl_set_progress(handle) { context, _, _, _, _ in
                guard let context else { return 0 }
                return Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().endsNow() ? 1 : 0
            }
            ccurl_set_context(handle, CURLOPT_SOCKOPTDATA, context)
            ccurl_set_socket(handle) { context, descriptor, _ in
                guard let context else { return 0 }
                Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().descriptor = descriptor
                return 0
            }
            let code = curl_easy_perform(handle)
            if code == CURLE_ABORTED_BY_CALLBACK, !canceled.isSet { return .failure(.notNow(.timeout)) }
            return Self.result(code, answer: ccurl_response_code(handle))
        }
    }

    private static func result(_ code: CURLcode, answer: Int) -> Result<Answer, CarrierFailure> {
        switch code {
        case CURLE_OK: .success(answer)
        case CURLE_ABORTED_BY_CALLBACK: .failure(.interrupted)
        case CURLE_LOGIN_DENIED: .failure(.notNow(.signIn, code: answer))
        case CURLE_OPERATION_TIMEDOUT: .failure(.notNow(.timeout, code: 0))
        case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE:
            .failure(.notNow(.encryption))
        case _ where answer >= 500: .failure(.refused(code: answer))
        case _ where answer >= 400: .failure(.notNow(.answer, code: answer))
        default: .failure(.notNow(.unreachable))
        }
    }
}

/// Set once, from anywhere.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

/// What is sent, as libcurl asks for it, all on its one thread.
private final class Source {
    private let bytes: [UInt8]
    private var given = 0
    private let deadline: ContinuousClock.Instant
    private let canceled: Flag
    var descriptor: Int32 = -1

    init(_ bytes: [UInt8], until deadline: ContinuousClock.Instant, _ canceled: Flag) {
        self.bytes = bytes
        self.deadline = deadline
        self.canceled = canceled
    }

    /// Asked by libcurl about once a second. It would go on to say goodbye to the server, and wait two minutes for the
    /// answer; so the line is cut.
    func endsNow() -> Bool {
        guard canceled.isSet || ContinuousClock.now >= deadline else { return false }
        if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
        return true
    }

    func give(into buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let count = min(room, bytes.count - given)
        bytes[given..<given + count].withUnsafeBytes { part in
            guard let start = part.baseAddress else { return }
            UnsafeMutableRawPointer(buffer).copyMemory(from: start, byteCount: count)
        }
        given += count
        return count
    }
}
