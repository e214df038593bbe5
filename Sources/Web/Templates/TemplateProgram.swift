/// Templates compiled for rendering: one flat list of plain steps, so that the renderer neither allocates nor counts
/// references while it walks it.
struct TemplateProgram: Sendable {
    enum Step: Sendable {
        /// Bytes of `text` to copy.
        case text(start: Int32, count: Int32)
        case value(name: Int32)
        /// The steps up to `end` are repeated, or skipped.
        case section(name: Int32, end: Int32)
        case inverted(name: Int32, end: Int32)
        case plural(name: Int32, forms: Int32)
        case partial(Int32)
    }

    /// The ranges of steps for each plural category, by raw value, and where to go on.
    struct PluralForms: Sendable {
        var ranges: [Range<Int>]
        var end: Int
    }

    fileprivate(set) var text: [UInt8] = []
    fileprivate(set) var steps: [Step] = []
    fileprivate(set) var names: [Name] = []
    fileprivate(set) var plurals: [PluralForms] = []
    fileprivate(set) var templates: [Range<Int>] = []
    fileprivate(set) var indexes: [String: Int] = [:]
    var pluralRule: PluralRule = .english
}

/// Compiles parsed templates: layouts are filled in here, once; partials become calls, so they may recurse.
struct TemplateCompiler {
    private let sources: [String: [Markup]]
    private var program = TemplateProgram()
    /// Text may be joined to the step before it only after this step, since jumps land here.
    private var lastTarget = 0

    /// What a block is filled with, and the templates being filled in where that was written, to find cycles.
    private struct Filling {
        let markup: [Markup]
        let layouts: [String]
    }

    static func compile(_ sources: [String: [Markup]], pluralRule: PluralRule) throws(TemplateError) -> TemplateProgram
    {
        var compiler = TemplateCompiler(sources: sources)
        compiler.program.pluralRule = pluralRule
        let names = sources.keys.sorted()
        for (index, name) in names.enumerated() { compiler.program.indexes[name] = index }
        for name in names {
            let start = compiler.target()
            try compiler.emit(sources[name] ?? [], blocks: [:], layouts: [name])
            compiler.program.templates.append(start..<compiler.target())
        }
        return compiler.program
    }

    private init(sources: [String: [Markup]]) { self.sources = sources }

    private mutating func emit(
        _ markup: [Markup], blocks: [String: Filling], layouts: [String]
    ) throws(TemplateError) {
        for node in markup {
            switch node {
            case .text(let bytes): emit(bytes)
            case .value(let name): program.steps.append(.value(name: intern(name)))
            case .section(let name, let body):
                let (step, index) = (program.steps.count, intern(name))
                program.steps.append(.section(name: index, end: 0))
                lastTarget = program.steps.count
                try emit(body, blocks: blocks, layouts: layouts)
                program.steps[step] = .section(name: index, end: Int32(target()))
            case .inverted(let name, let body):
                let (step, index) = (program.steps.count, intern(name))
                program.steps.append(.inverted(name: index, end: 0))
                lastTarget = program.steps.count
                try emit(body, blocks: blocks, layouts: layouts)
                program.steps[step] = .inverted(name: index, end: Int32(target()))
            case .plural(let name, let forms):
                try emit(plural: name, forms, layouts: layouts)
            case .partial(let reference):
                guard let index = program.indexes[reference.name] else { throw unknown(reference) }
                program.steps.append(.partial(Int32(index)))
            case .block(let name, let standard):
                guard let filling = blocks[name] else {
                    try emit(standard, blocks: blocks, layouts: layouts)
                    continue
                }
                // A block of the same name inside its own filling shows what it holds there.
                var others = blocks
                others[name] = nil
                try emit(filling.markup, blocks: others, layouts: filling.layouts)
            case .layout(let reference, let own):
                guard let layout = sources[reference.name] else { throw unknown(reference) }
                guard !layouts.contains(reference.name) else { throw .tooDeep(template: reference.name) }
                // What an outer template says of a block wins over what the layout in between says.
                let fillings = own.mapValues { Filling(markup: $0, layouts: layouts) }
                    .merging(blocks) { _, outer in outer }
                try emit(layout, blocks: fillings, layouts: layouts + [reference.name])
            }
        }
    }

    private mutating func emit(_ bytes: [UInt8]) {
        let start = program.text.count
        program.text += bytes
        if program.steps.count > lastTarget, case .text(let from, let count) = program.steps.last {
            program.steps[program.steps.count - 1] = .text(start: from, count: count + Int32(bytes.count))
        } else {
            program.steps.append(.text(start: Int32(start), count: Int32(bytes.count)))
        }
    }

    private mutating func emit(
        plural name: Name, _ forms: [PluralCategory: [Markup]], layouts: [String]
    ) throws(TemplateError) {
        let table = program.plurals.count
        program.plurals.append(.init(ranges: [], end: 0))
        program.steps.append(.plural(name: intern(name), forms: Int32(table)))
        var ranges: [PluralCategory: Range<Int>] = [:]
        for (category, markup) in forms.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let start = target()
            try emit(markup, blocks: [:], layouts: layouts)
            ranges[category] = start..<target()
        }
        let end = target()
        let other = ranges[.other] ?? end..<end
        program.plurals[table] = .init(ranges: PluralCategory.allCases.map { ranges[$0] ?? other }, end: end)
    }

    private mutating func intern(_ name: Name) -> Int32 {
        program.names.append(name)
        return Int32(program.names.count - 1)
    }

    private mutating func target() -> Int {
        lastTarget = program.steps.count
        return lastTarget
    }

    private func unknown(_ reference: Reference) -> TemplateError {
        .unknownPartial(name: reference.name, template: reference.template, line: reference.line)
    }
}
