import Web

/// One question of a form, with what was typed and what is wrong with it. Shown by the template `form/field`.
package struct Field: Sendable {
    package struct Option: Sendable {
        package let value: String
        package let text: String
        package let hint: String?

        package init(_ value: String, _ text: String, hint: String? = nil) {
            self.value = value
            self.text = text
            self.hint = hint
        }
    }

    package enum Kind: Sendable {
        case line
        case lines(Int)
        case email
        case telephone
        case number
        case date
        case time
        case newPassword
        case password
        /// A code from a phone or a list.
        case code
        /// One of a few, as radio buttons.
        case choice([Option])
        /// One of many, as a select.
        case select([Option])
        /// Any number of some, as check boxes.
        case checks([Option])
        /// Yes or nothing, as one check box; never ticked beforehand.
        case check
    }

    package let name: String
    /// Names it on its page, where two forms may ask the same; its name, unless told otherwise.
    package var id: String
    package let kind: Kind
    package var label: String
    package var hint: String?
    package var required = false
    /// Whether it is written for nobody but oneself, so that nobody could be thought to read it at once.
    package var isForOneself = false
    /// HTML's `autocomplete`, so that nobody types what their browser knows.
    package var autocomplete: String?
    package var values: [String] = []
    package var error: String?

    /// - Parameters:
    ///   - key: the label's key; its hint is `key` with `-hint` behind it when `hinted`.
    ///   - form: what was typed before, so that nothing is lost.
    package init(
        _ name: String, _ kind: Kind, _ key: String, hinted: Bool = false, required: Bool = false,
        autocomplete: String? = nil, in form: Form, _ errors: FieldErrors, _ words: Words
    ) {
        self.name = name
        id = name
        self.kind = kind
        label = words(key)
        hint = hinted ? words(key + "-hint") : nil
        self.required = required
        self.autocomplete = autocomplete
        values = form.all(name)
        error = errors[name].map { words("errors.\($0.code)", $0.parameters) }
    }

    package var shown: Value {
        let value = values.first ?? ""
        var object: [String: Value] = [
            "name": .text(name), "id": .text(id), "label": .text(label), "hint": Value(hint), "error": Value(error),
            "required": .flag(required), "optional": .flag(!required), "value": .text(value),
            "autocomplete": Value(autocomplete ?? remembered), "described": .flag(hint != nil || error != nil),
            "input": .nothing, "lines": .nothing, "choices": .nothing, "select": .nothing, "check": .nothing
        ]
        switch kind {
        case .line: object["input"] = input("text")
        case .email: object["input"] = input("email")
        case .telephone: object["input"] = input("tel")
        // Not HTML's number: there a browser drops what it cannot read, and a wheel changes what was typed.
        case .number: object["input"] = input("text", isNumeric: true)
        case .date: object["input"] = input("date")
        case .time: object["input"] = input("time")
        case .code:
            // A code that was wrong is no use either.
            object["input"] = input("text")
            object["value"] = ""
        case .password, .newPassword:
            // A password is never sent back.
            object["input"] = input("password")
            object["value"] = ""
        case .lines(let count): object["lines"] = ["count": .number(count), "isRead": .flag(!isForOneself)]
        case .choice(let options): object["choices"] = choices("radio", options)
        case .checks(let options): object["choices"] = choices("checkbox", options)
        case .select(let options):
            // Nothing is chosen for anybody: there is always an empty line to begin with.
            object["select"] = [
                "open": .flag(!options.contains { $0.value.isEmpty }), "options": .list(shown(options))
            ]
        case .check: object["check"] = ["checked": .flag(!values.isEmpty)]
        }
        return .object(Fields(object))
    }

    /// What browsers fill in for the kind alone; only for what nobody types for somebody else.
    private var remembered: String? {
        switch kind {
        case .password: "current-password"
        case .newPassword: "new-password"
        default: nil
        }
    }

    private func input(_ type: String, isNumeric: Bool = false) -> Value {
        [
            "type": .text(type), "numeric": .flag(isNumeric),
            "auto": .flag(type == "email" || type == "text" && !isNumeric),
            "password": .flag(type == "password")
        ]
    }

    private func choices(_ type: String, _ options: [Option]) -> Value {
        ["type": .text(type), "radio": .flag(type == "radio"), "options": .list(shown(options))]
    }

    /// The first option has the field's own `id`, so that the summary of errors leads to it.
    private func shown(_ options: [Option]) -> [Value] {
        options.enumerated().map { index, option in
            [
                "id": .text(index == 0 ? id : "\(id)-\(index + 1)"), "value": .text(option.value),
                "text": .text(option.text), "hint": Value(option.hint), "chosen": .flag(values.contains(option.value))
            ]
        }
    }
}

/// A form's questions with a summary of what is wrong, for the template `form/fields`.
package func shownForm(_ fields: [Field]) -> Value {
    let wrong = fields.filter { $0.error != nil }
    return [
        "fields": .list(fields.map(\.shown)), "invalid": .flag(!wrong.isEmpty),
        "errors": .list(
            wrong.map { ["id": .text($0.id), "label": .text($0.label), "text": Value($0.error)] })
    ]
}

/// A long form's questions under headings, with one summary of what is wrong before them all.
package func shownForm(_ groups: [(heading: String, hint: String?, fields: [Field])]) -> [String: Value] {
    [
        "summary": shownForm(groups.flatMap(\.fields)).merging(Fields(["fields": .list([])])),
        "groups": .list(
            groups.map { group in
                [
                    "heading": .text(group.heading), "note": Value(group.hint),
                    "fields": .list(group.fields.map(\.shown))
                ]
            })
    ]
}
