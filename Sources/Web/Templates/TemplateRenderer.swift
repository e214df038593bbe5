internal import NIOCore

/// Walks a compiled program with a value and writes bytes. One renderer serves one rendering.
///
/// Values are passed about as pointers: nearly all the time of a rendering that copies them goes into counting
/// references. A pointer is only ever used inside the call that keeps alive what it points to.
struct TemplateRenderer: ~Copyable {
    /// Something names are looked up in.
    private struct Scope {
        let value: UnsafePointer<Value>
        /// Those of an object; none otherwise.
        let fields: UnsafeBufferPointer<Fields.Entry>
    }

    private let program: TemplateProgram
    private let steps: UnsafeBufferPointer<TemplateProgram.Step>
    private let names: UnsafeBufferPointer<Name>
    private let text: UnsafeRawBufferPointer

    private var output = ByteWriter(capacity: 32_768)
    /// Innermost last.
    private var scopes: [Scope] = []
    private var depth = 0

    private static let deepest = 64

    static func render(
        _ template: Int, of program: TemplateProgram, with value: Value
    ) throws(TemplateError) -> ByteBuffer {
        try program.steps.withUnsafeBufferPointer { steps throws(TemplateError) in
            try program.names.withUnsafeBufferPointer { names throws(TemplateError) in
                try program.text.withUnsafeBufferPointer { text throws(TemplateError) in
                    try withUnsafePointer(to: value) { value throws(TemplateError) in
                        var renderer = TemplateRenderer(
                            program: program, steps: steps, names: names, text: UnsafeRawBufferPointer(text))
                        try renderer.run(program.templates[template], inside: value)
                        return renderer.output.buffer
                    }
                }
            }
        }
    }

    private init(
        program: TemplateProgram, steps: UnsafeBufferPointer<TemplateProgram.Step>,
        names: UnsafeBufferPointer<Name>, text: UnsafeRawBufferPointer
    ) {
        (self.program, self.steps, self.names, self.text) = (program, steps, names, text)
        scopes.reserveCapacity(16)
    }

    // MARK: Steps

    private mutating func run(_ range: Range<Int>) throws(TemplateError) {
        var index = range.lowerBound
        while index < range.upperBound {
            switch steps[index] {
            case .text(let start, let count):
                output.write(UnsafeRawBufferPointer(rebasing: text[Int(start)..<Int(start) + Int(count)]))
                index += 1
            case .value(let name):
                try withValue(name) { renderer, value throws(TemplateError) in try renderer.show(value, name) }
                index += 1
            case .section(let name, let end):
                let body = index + 1..<Int(end)
                try withValue(name) { renderer, value throws(TemplateError) in try renderer.open(value, body) }
                index = Int(end)
            case .inverted(let name, let end):
                let body = index + 1..<Int(end)
                try withValue(name) { renderer, value throws(TemplateError) in
                    if !value.pointee.opens { try renderer.run(body) }
                }
                index = Int(end)
            case .plural(let name, let table):
                let forms = program.plurals[Int(table)]
                try withValue(name) { renderer, value throws(TemplateError) in
                    guard case .number(let number) = value.pointee else { throw renderer.unfit(name, "a number") }
                    try renderer.run(forms.ranges[renderer.program.pluralRule(number).rawValue])
                }
                index = forms.end
            case .partial(let template):
                try call(Int(template))
                index += 1
            }
        }
    }

    private mutating func run(_ body: Range<Int>, inside value: UnsafePointer<Value>) throws(TemplateError) {
        if case .object(let fields) = value.pointee {
            try fields.entries.withUnsafeBufferPointer { entries throws(TemplateError) in
                scopes.append(Scope(value: value, fields: entries))
                try run(body)
            }
        } else {
            scopes.append(Scope(value: value, fields: UnsafeBufferPointer(start: nil, count: 0)))
            try run(body)
        }
        scopes.removeLast()
    }

    private mutating func call(_ template: Int) throws(TemplateError) {
        depth += 1
        guard depth <= Self.deepest else {
            throw .tooDeep(template: program.indexes.first { $0.value == template }?.key ?? "")
        }
        try run(program.templates[template])
        depth -= 1
    }

    private mutating func open(_ value: UnsafePointer<Value>, _ body: Range<Int>) throws(TemplateError) {
        switch value.pointee {
        case .list(let items):
            try items.withUnsafeBufferPointer { items throws(TemplateError) in
                guard let first = items.baseAddress else { return }
                for index in 0..<items.count { try run(body, inside: first + index) }
            }
        case .flag(let flag):
            if flag { try run(body) }
        case .object:
            try run(body, inside: value)
        default:
            if value.pointee.opens { try run(body, inside: value) }
        }
    }

    private mutating func show(_ value: UnsafePointer<Value>, _ name: Int32) throws(TemplateError) {
        switch value.pointee {
        case .text(let text): output.write(escaping: text)
        case .number(let number): output.write(number)
        case .flag(let flag): output.write(flag ? "true" : "false")
        case .html(let html): html.bytes.withUnsafeReadableBytes { output.write($0) }
        case .nothing: break
        case .list, .object: throw unfit(name, "something that can be shown, not a list or an object")
        }
    }

    // MARK: Names

    /// Calls `body` with the value of a name: from the nearest scope that has its first part, and from there inwards.
    @inline(__always)
    private mutating func withValue(
        _ index: Int32, _ body: (inout TemplateRenderer, UnsafePointer<Value>) throws(TemplateError) -> Void
    ) throws(TemplateError) {
        let name = names.baseAddress.unsafelyUnwrapped + Int(index)
        let value = try find(name)
        if name.pointee.rest.isEmpty {
            try body(&self, value)
        } else {
            let inner = try descend(name.pointee, from: value.pointee)
            try withUnsafePointer(to: inner) { inner throws(TemplateError) in try body(&self, inner) }
        }
    }

    private func find(_ name: UnsafePointer<Name>) throws(TemplateError) -> UnsafePointer<Value> {
        let fingerprint = name.pointee.fingerprint
        var level = scopes.count - 1
        if level >= 0, name.pointee.first.isEmpty { return scopes[level].value }
        while level >= 0 {
            let fields = scopes[level].fields
            var index = fields.count - 1
            while index >= 0 {
                if fields[index].fingerprint == fingerprint, fields[index].name == name.pointee.first {
                    return (fields.baseAddress.unsafelyUnwrapped + index).pointer(to: \.value).unsafelyUnwrapped
                }
                index -= 1
            }
            level -= 1
        }
        throw missing(name.pointee)
    }

    private func descend(_ name: Name, from value: Value) throws(TemplateError) -> Value {
        var value = value
        for part in name.rest {
            switch value {
            case .object(let fields):
                guard let next = fields[part] else { throw missing(name) }
                value = next
            case .nothing: return .nothing
            default: throw missing(name)
            }
        }
        return value
    }

    private func missing(_ name: Name) -> TemplateError {
        .missing(name: name.written, template: name.template, line: name.line)
    }

    private func unfit(_ index: Int32, _ wanted: String) -> TemplateError {
        let name = names[Int(index)]
        return .unfit(name: name.written, wanted: wanted, template: name.template, line: name.line)
    }
}

extension Value {
    /// Whether a section of this value shows its content. Zero and empty text, lists and markup do not.
    var opens: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .number(let number): number != 0
        case .flag(let flag): flag
        case .list(let items): !items.isEmpty
        case .object: true
        case .html(let html): html.bytes.readableBytes > 0
        case .nothing: false
        }
    }
}
