import Crypto
import Foundation
import Web

/// What a form was filled in with. A save that began with something else than what is kept now comes back, with what
/// is kept beside what was typed, so that nobody writes over what they have not seen.
package struct Edition: Sendable {
    /// The form's hidden field.
    package static let field = "edition"
    /// The code of its error, for ``FieldErrors``.
    package static let changed = "changed-meanwhile"

    /// What is kept now, as the form has it.
    package let fields: [String: [String]]

    package init(_ fields: [String: [String]]) { self.fields = fields }

    /// Tells two editions apart, and nothing of what is in them.
    package var mark: String {
        let text = Self.plain(fields).sorted { $0.key < $1.key }
            .map { "\($0.key)\u{1F}\($0.value.joined(separator: "\u{1E}"))" }.joined(separator: "\u{1D}")
        return SHA256.hash(data: Data(text.utf8)).prefix(12).map { String(format: "%02x", $0) }.joined()
    }

    /// Whether it is kept so already, so that there is nothing to write down: a second click, or a change of mind.
    package func isKept(_ saved: [String: [String]]) -> Bool { Self.plain(saved) == Self.plain(fields) }

    /// - Parameter saved: what the form would leave; the same thing sent twice is no conflict.
    /// - Throws: ``Problem/invalid(_:)`` for ``field`` when somebody else saved since the form was filled in.
    package func check(_ form: Form, saving saved: [String: [String]]) throws {
        guard let mark = form[Self.field], mark != self.mark, !isKept(saved) else { return }
        throw Problem.invalid(Self.field, Self.changed)
    }

    /// Questions with what is kept now beside what was typed, where the two differ and a save came too late.
    package func beside(_ asked: [Field], _ errors: FieldErrors, _ words: Words) -> [Field] {
        guard errors[Self.field] != nil else { return asked }
        return asked.map { field in
            let now = (fields[field.name] ?? []).filter { !$0.isEmpty }
            guard field.error == nil, now != field.values.filter({ !$0.isEmpty }) else { return field }
            var field = field
            let shown = now.map(field.text).joined(separator: ", ")
            field.error =
                shown.isEmpty
                ? words("form.changed-meanwhile.empty") : words("form.changed-meanwhile", ["now": shown])
            return field
        }
    }

    private static func plain(_ fields: [String: [String]]) -> [String: [String]] {
        fields.mapValues { $0.filter { !$0.isEmpty } }.filter { !$0.value.isEmpty }
    }
}

extension Field {
    /// A value as people read it.
    fileprivate func text(_ value: String) -> String {
        switch kind {
        case .choice(let options), .select(let options), .checks(let options):
            options.first { $0.value == value }?.text ?? value
        case .check: label
        default: value
        }
    }
}
