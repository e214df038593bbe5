import Foundation
import Storage

/// Something that somebody writes for themselves, question by question, in their own words. It is theirs: nobody reads
/// it but they, and those of their supporters whom they chose.
package protocol OwnSheet: Equatable, Sendable {
    /// The questions, in the order in which they are asked.
    associatedtype Part: RawRepresentable, CaseIterable, Hashable, Sendable where Part.RawValue == String

    /// The answers that are not empty.
    var answers: [Part: String] { get }

    init(_ answers: [Part: String])

    /// The question whose answer is shown before all others, which are read by who opens them; nil: there is none.
    static var note: Part? { get }
    /// Its own address; the pages for supporters end in it as well. Its texts begin so.
    static var name: String { get }
    /// What problems about it are called.
    static var code: String { get }
    /// The folder and name its templates begin with.
    static var templates: String { get }
    /// What one row of is kept for each person, and what one row of is kept for each supporter who may read it.
    static var tables: (sheet: SQL, share: SQL) { get }
    /// What its answers are bound to.
    static var textName: StaticString { get }
    /// What the wall and the log call it.
    static var item: Item { get }
    static var look: Disclosure.What { get }
    static var events: OwnSheetEvents { get }
}

/// What can happen to a sheet. Of the last two the object is the match whose supporter it is about.
package struct OwnSheetEvents: Sendable {
    let kept: EventKind
    let deleted: EventKind
    let shared: EventKind
    let unshared: EventKind

    var all: [EventKind] { [kept, deleted, shared, unshared] }
}

/// A sheet as it is kept.
package struct KeptSheet<Sheet: OwnSheet>: Sendable {
    package let person: Person.ID
    package let changedAt: Instant
    /// nil when it can no longer be read.
    package let sheet: Sheet?
}

/// Somebody who supports the person asking.
package struct SheetReader: Sendable {
    package let match: Match.ID
    package let name: String
    package let mayRead: Bool
}

extension OwnSheet {
    package static var note: Part? { nil }

    /// The most characters of an answer.
    package static var most: Int { 2_000 }

    package var isEmpty: Bool { answers.isEmpty }

    /// The answers in the order of their questions.
    package var inOrder: [String] { Part.allCases.compactMap { answers[$0] } }

    /// As it is sealed: the answers by their names.
    var text: String {
        get throws {
            let named = Dictionary(uniqueKeysWithValues: answers.map { ($0.key.rawValue, $0.value) })
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(named), as: UTF8.self)
        }
    }

    /// What ``text`` was made of; nil when it is something else.
    init?(text: String) {
        guard let named = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else { return nil }
        self.init(
            Dictionary(
                uniqueKeysWithValues: named.compactMap { name, words in Part(rawValue: name).map { ($0, words) } }))
    }
}
