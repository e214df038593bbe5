import CMarkGFM

extension Markdown {
    /// Its words as people hear them, without markup: one line for each paragraph, heading and item.
    var lines: [String] {
        guard text.count <= Self.longest, let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { return [] }
        defer { cmark_parser_free(parser) }
        var bytes = text
        bytes.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let document = cmark_parser_finish(parser) else { return [] }
        defer { cmark_node_free(document) }
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
            case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: if step == CMARK_EVENT_EXIT { end() }
            default: break
            }
        }
        end()
        return lines
    }
}
