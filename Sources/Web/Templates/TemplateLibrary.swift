internal import Foundation
package import Hummingbird
package import NIOCore

/// All templates of one locale, compiled. Immutable, so one library serves every request.
///
/// The syntax is Mustache: `{{name}}` (always escaped), `{{#section}}…{{/section}}`, `{{^inverted}}…{{/inverted}}`,
/// `{{.}}`, `{{dotted.name}}`, `{{>folder/partial}}`, `{{! comment }}`, and layouts by inheritance:
/// `{{<layout}}{{$main}}…{{/main}}{{/layout}}` fills `{{$main}}default{{/main}}` of the template `layout`.
/// There is no unescaped tag; a value of type `HTML` is shown as it is. On top of Mustache, before compiling,
/// `[[key]]` is replaced by the locale's text (which may hold `{{names}}`; the rest of it is escaped),
/// `[[key #number]]` by its plural form for the value `number`, and `[[/kith.css]]` by that asset's path.
package struct TemplateLibrary: Sendable {
    /// The text keys the templates use; of a plural key the part before the suffix.
    package let keys: Set<String>
    /// The names of all templates, sorted: their paths without the suffix.
    package var names: [String] { program.indexes.keys.sorted() }

    private let program: TemplateProgram

    /// Compiles templates given as name and source. Throws the first thing wrong, with its file and line.
    /// - Parameters:
    ///   - strings: The texts of the locale; without it any `[[key]]` is an error.
    ///   - assets: What `[[/name]]` may refer to.
    package init(
        _ sources: [String: String], strings: Strings? = nil, assets: Assets? = nil
    ) throws(TemplateError) {
        let rule = strings?.pluralRule ?? .english
        let wording = Wording(strings: strings, assets: assets)
        var parsed: [String: [Markup]] = [:]
        var keys: Set<String> = []
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            var parser = TemplateParser(source: Array(source.utf8), template: name, wording: wording)
            parsed[name] = try parser.parse()
            keys.formUnion(parser.keys)
        }
        program = try TemplateCompiler.compile(parsed, pluralRule: rule)
        self.keys = keys
    }

    /// Renders a template into UTF-8. Linear in what it shows.
    /// - Throws: `missing` when the value lacks a name the template shows; nothing is left out silently.
    package func render(_ name: String, _ value: Value) throws(TemplateError) -> ByteBuffer {
        guard let index = program.indexes[name] else { throw .unknownTemplate(name: name) }
        return try TemplateRenderer.render(index, of: program, with: value)
    }

    /// Renders a template for use as a value in another.
    package func html(_ name: String, _ value: Value) throws(TemplateError) -> HTML {
        HTML(rendered: try render(name, value))
    }

    /// Renders a template as the answer to a request.
    package func page(_ name: String, _ value: Value, status: HTTPResponse.Status = .ok) throws(TemplateError) -> Page {
        Page(HTML(rendered: try render(name, value)), status: status)
    }

    /// The sources of every `*.mustache` file in a folder and the folders in it, by relative path without the suffix.
    package static func sources(in folder: String) throws(TemplateError) -> [String: String] {
        var sources: [String: String] = [:]
        guard let files = FileManager.default.enumerator(atPath: folder) else { throw .unreadable(path: folder) }
        while let file = files.nextObject() as? String {
            guard file.hasSuffix(".mustache") else { continue }
            guard let source = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) else {
                throw .unreadable(path: file)
            }
            sources[String(file.dropLast(".mustache".count))] = source
        }
        guard !sources.isEmpty else { throw .unreadable(path: folder) }
        return sources
    }

    /// One library for each locale of `translations`, from the templates in a folder. Refuses templates in which
    /// `TemplateLint` finds anything.
    package static func libraries(
        in folder: String, translations: Translations, assets: Assets? = nil
    ) throws(TemplateError) -> [String: TemplateLibrary] {
        let sources = try sources(in: folder)
        if let finding = TemplateLint.check(sources).first {
            throw .unsafe(problem: finding.problem, template: finding.template, line: finding.line)
        }
        var libraries: [String: TemplateLibrary] = [:]
        for locale in translations.locales {
            libraries[locale] = try TemplateLibrary(sources, strings: translations[locale], assets: assets)
        }
        return libraries
    }
}
