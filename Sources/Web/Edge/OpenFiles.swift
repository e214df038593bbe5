internal import Foundation

/// How many files and connections this process may have open.
package enum OpenFiles {
    /// Raises the limit as far as the system allows without asking anybody. The usual soft limit of 1,024 is less than
    /// a full house: every live conversation is a connection.
    /// - Returns: the limit now.
    @discardableResult
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
