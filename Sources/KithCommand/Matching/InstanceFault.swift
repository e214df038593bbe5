/// What is wrong with the files of an instance, and where.
struct InstanceFault: Error, Equatable, CustomStringConvertible {
    enum Place: Equatable {
        case whole
        /// Counted from 1, the line of column names included.
        case line(Int)
        /// Counted from 0, as the program that wrote the file would.
        case record(Int)
    }

    let file: String
    let place: Place
    /// A sentence without its full stop that says what is there and what may be.
    let reason: String

    var description: String {
        switch place {
        case .whole: "\(file): \(reason)."
        case .line(let line): "\(file), line \(line): \(reason)."
        case .record(let record): "\(file), record \(record): \(reason)."
        }
    }
}
