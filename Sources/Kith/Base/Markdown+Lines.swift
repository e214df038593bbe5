import CMarkGFM

extension Markdown {
    /// Its words as people hear them, without markup: one line for each paragraph, heading, item and cell of a table.
    var lines: [String] { parsed { document, _ in Self.lines(of: document) } ?? [] }

    private static func lines(of document: OpaquePointer) -> [String] {
        guard let walk = cmark_iter_new(document) else { return [] }
        defer { cmark_iter_free(walk) }
        var (lines, current): ([String], String) = ([], "")
        func end() {
            if !current.trimmed.isEmpty { lines.append(current.trimmed) }
            current = ""
        }
        while true {
            let step = cmark_iter_next(walk)
            guard step != CMARK_EVENT_DONE, let node = cmark_iter_get_node(walk) else { break }
            switch cmark_node_get_type(node) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE:
                current += cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
            case CMARK_NODE_SOFTBREAK: current += " "
            case CMARK_NODE_LINEBREAK: end()
            // A cell's type is made while the program runs, so it is told by its name.
            case let type where step == CMARK_EVENT_EXIT:
                if type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING { end() }
                if cmark_node_get_type_string(node).map({ String(cString: $0) }) == "table_cell" { end() }
            default: break
            }
        }
        end()
        return lines
    }
}
