/// One parser of what comes from outside, with what must be true whatever it is given.
///
/// `Fuzz` throws changed input at it for as long as one likes; the tests run every file of `Fuzz/Corpus` through it once.
public struct FuzzTarget: Sendable {
    /// Also the name of its folder in `Fuzz/Corpus`.
    public let name: String
    /// Reads the bytes and comes back.
    /// - Throws: ``BrokenPromise``. That the bytes are refused is no error.
    public let read: @Sendable ([UInt8]) throws -> Void

    /// Public for the package `Fuzz`, which plants faults in targets of its own.
    public init(_ name: String, read: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.read = read
    }

    /// Every parser there is; which those are and why, docs/fuzzing.md says.
    public static let all: [FuzzTarget] = [
        fhirJSON, fhirResource, fhirSearch, form, formWithFiles, media, requestHead, dates, signedLink, passkey, backup,
        markdown, incomingText
    ]
}

/// A parser came back, but what it said cannot be right.
public struct BrokenPromise: Error, CustomStringConvertible {
    /// What does not hold, never with the input in it.
    public let description: String

    /// Public for the package `Fuzz`.
    public init(_ description: String) { self.description = description }
}

/// - Throws: ``BrokenPromise``, in the words given, unless the condition holds.
func promise(_ words: String, _ holds: Bool) throws(BrokenPromise) {
    if !holds { throw BrokenPromise(words) }
}

/// As what comes in a head or a field arrives: as text, whatever the bytes were.
func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
