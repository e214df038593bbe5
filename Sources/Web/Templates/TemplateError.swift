/// What is wrong with a template, or with the value given to it. Every case names the file and the line; none holds a
/// value, so the message can be logged.
package enum TemplateError: Error, Equatable {
    /// A folder or file that cannot be read.
    case unreadable(path: String)
    /// Not Mustache as understood here; `problem` says what, in plain words.
    case syntax(problem: String, template: String, line: Int)
    /// Something `TemplateLint` refuses.
    case unsafe(problem: String, template: String, line: Int)
    /// A tag, or the section, block or layout it opens, that is never closed.
    case unclosed(tag: String, template: String, line: Int)
    case unknownPartial(name: String, template: String, line: Int)
    /// No text for this key in this locale.
    case unknownKey(key: String, template: String, line: Int)
    /// No asset of this name.
    case unknownAsset(name: String, template: String, line: Int)
    /// A template asked for by name that is not in the library.
    case unknownTemplate(name: String)
    /// The value has no such name. Use `Value.nothing` for something that is deliberately absent.
    case missing(name: String, template: String, line: Int)
    /// The value is there but cannot be used this way: a list shown as text, a plural of something not a number.
    case unfit(name: String, wanted: String, template: String, line: Int)
    /// Partials that include each other without end.
    case tooDeep(template: String)
}

extension TemplateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path):
            "cannot read \(path)"
        case .syntax(let problem, let template, let line), .unsafe(let problem, let template, let line):
            "\(template).mustache:\(line): \(problem)"
        case .unclosed(let tag, let template, let line):
            "\(template).mustache:\(line): \(tag) is never closed"
        case .unknownPartial(let name, let template, let line):
            "\(template).mustache:\(line): there is no template \(name)"
        case .unknownKey(let key, let template, let line):
            "\(template).mustache:\(line): there is no text for [[\(key)]]"
        case .unknownAsset(let name, let template, let line):
            "\(template).mustache:\(line): there is no asset \(name)"
        case .unknownTemplate(let name):
            "there is no template \(name)"
        case .missing(let name, let template, let line):
            "\(template).mustache:\(line): the page has no value named \(name)"
        case .unfit(let name, let wanted, let template, let line):
            "\(template).mustache:\(line): \(name) must be \(wanted)"
        case .tooDeep(let template):
            "\(template).mustache: partials include each other without end"
        }
    }
}
