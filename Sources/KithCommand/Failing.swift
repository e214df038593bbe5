import ArgumentParser
import Foundation
import Kith
import Storage
import Web

/// Ends the program with one clear sentence on standard error.
@discardableResult
func failing<T>(_ work: () async throws -> T) async throws -> T {
    do {
        return try await work()
    } catch let code as ExitCode {
        throw code
    } catch {
        tell("kith: \(sentence(for: error))")
        throw ExitCode(1)
    }
}

/// Talk goes to standard error; results go to standard output.
func tell(_ text: String) {
    // Where nothing can be said, as into a log on a full disk, Kith goes on all the same.
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
}

/// Prints a result.
/// - Throws: ``OpenError`` where nothing can be printed.
func give(_ text: String) throws {
    do {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
        throw OpenError("It was done, but what it says could not be printed.")
    }
}

/// What an operator is told, without a statement of SQL and without anybody's data.
func sentence(for error: any Error) -> String {
    switch error {
    case let error as OpenError: error.description
    case let error as ServerCertificate.Unusable: error.description
    case let fault as InstanceFault: fault.description
    case let problem as Problem: sentence(for: problem)
    case let errors as FieldErrors: sentence(for: Problem.invalid(errors))
    case let error as StoreError: sentence(for: error)
    case let fault as Fault: "Kith has a fault: \(fault.description). Nothing was changed."
    default: "Something failed that should not: \(type(of: error)). Set KITH_LOG=debug on the server to learn more."
    }
}

/// Whether the sentence says all there is to know; anything else belongs in a log too.
func isExpected(_ error: any Error) -> Bool { error is OpenError || error is Problem || error is FieldErrors }

private func sentence(for error: StoreError) -> String {
    switch error.kind {
    case .full: "There is no room left on the disk; nothing was changed."
    case .lost: "The database no longer answers. Look whether the change was made before you try again."
    case .conflict: "The database was busy with other changes; nothing was changed. Please try again."
    case .closed: "The database was closed; nothing was changed."
    case .cancelled: "It was stopped before it was done; nothing was changed."
    case .unreadable: "The database holds something that this Kith cannot read; nothing was changed."
    case .unique, .foreignKey, .check, .notNull, .other:
        "The database refused it (code \(error.code)); nothing was changed."
    }
}

private func sentence(for problem: Problem) -> String {
    guard let shelf = try? Shelf.load() else { return problem.code }
    let strings = shelf.translations["en"]
    if case .invalid(let errors) = problem {
        return errors.all.map { "\($0.field): \(strings("errors.\($0.code)", $0.parameters))" }.joined(separator: " ")
    }
    return strings("problems.\(problem.code)")
}
