import CMarkGFM
import Web

/// A text with headings, lists, tables and links, as coordinators write them (CommonMark with GitHub's tables), shown as
/// HTML that can do nothing: no markup of its own, no pictures, which would tell another server who reads, and links only
/// to pages, mail and telephone numbers.
package struct Markdown: Sendable {
    package let text: String

    /// In characters.
    package static let longest = 20_000
    /// How deep lists and quotations may stand in each other. What stands deeper is not shown.
    package static let deepest = 12
    /// In columns. A table repeats each of them in each line, so that a short text could become a very long page.
    package static let widest = 12
    private static let longestLink = 500

    package init(_ text: String) { self.text = text }

    /// - Parameter heading: the level of its first heading, from 2: a page has one heading of level 1, its own. None is more
    ///   than one level below the one before, because whoever hears a page finds their way by them.
    package func html(heading: Int = 3) -> HTML { HTML(trusting: markup(heading: heading)) }

    func markup(heading: Int) -> String {
        let rendered = parsed { document, extensions -> String? in
            Self.tame(document, heading: heading)
            guard let rendered = cmark_render_html(document, CMARK_OPT_DEFAULT, extensions) else { return nil }
            defer { cmark_get_default_mem_allocator().pointee.free(rendered) }
            return String(cString: rendered)
        }
        return (rendered ?? nil) ?? ""
    }

    /// What `read` makes of the document, which is there as long as it reads; nil for a text that is too long.
    func parsed<T>(_ read: (OpaquePointer, UnsafeMutablePointer<cmark_llist>?) -> T) -> T? {
        _ = Self.extensions
        guard text.count <= Self.longest, let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { return nil }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink", "tagfilter"] where name != "table" || !isTooWide {
            guard let found = cmark_find_syntax_extension(name) else { continue }
            cmark_parser_attach_syntax_extension(parser, found)
        }
        var bytes = text
        bytes.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let document = cmark_parser_finish(parser) else { return nil }
        defer { cmark_node_free(document) }
        return read(document, cmark_parser_get_syntax_extensions(parser))
    }

    private var isTooWide: Bool {
        text.utf8.split(separator: 0x0A).contains { line in line.count { $0 == 0x7C } > Self.widest }
    }

    /// Registered once in the life of the process, by whoever comes first.
    private static let extensions: Void = cmark_gfm_core_extensions_ensure_registered()

    private static func tame(_ document: OpaquePointer, heading: Int) {
        guard let walk = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(walk) }
        var (depth, level) = (0, Int32(heading) - 1)
        while true {
            let step = cmark_iter_next(walk)
            guard step != CMARK_EVENT_DONE, let node = cmark_iter_get_node(walk) else { return }
            let type = cmark_node_get_type(node)
            if type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE {
                cmark_node_free(node)
                continue
            }
            let isContainer = [CMARK_NODE_BLOCK_QUOTE, CMARK_NODE_LIST, CMARK_NODE_EMPH, CMARK_NODE_STRONG].contains(
                type)
            if isContainer, step == CMARK_EVENT_ENTER { depth += 1 }
            guard step == CMARK_EVENT_EXIT else { continue }
            // A node may be taken away when it is left, not before.
            switch type {
            case CMARK_NODE_HEADING:
                level = min(6, level + 1, cmark_node_get_heading_level(node) + Int32(heading) - 1)
                cmark_node_set_heading_level(node, level)
            case CMARK_NODE_LINK: replace(node, byLinkTo: address(of: node))
            case CMARK_NODE_IMAGE: replace(node, byLinkTo: nil)
            default: break
            }
            if isContainer {
                if depth > deepest { cmark_node_free(node) }
                depth -= 1
            }
        }
    }

    /// Where a link leads, if that is a place that links may lead to.
    private static func address(of link: OpaquePointer) -> String? {
        guard let url = cmark_node_get_url(link).map({ String(cString: $0) }), url.utf8.count <= longestLink else {
            return nil
        }
        let start = url.lowercased()
        return ["https://", "http://", "mailto:", "tel:"].contains { start.hasPrefix($0) } ? url : nil
    }

    /// Puts a link of ours where one stood; its words alone where there is no address.
    private static func replace(_ node: OpaquePointer, byLinkTo address: String?) {
        guard let new = cmark_node_new(CMARK_NODE_CUSTOM_INLINE) else { return }
        if let address {
            cmark_node_set_on_enter(new, #"<a href="\#(escaped(address))" rel="noopener noreferrer">"#)
            cmark_node_set_on_exit(new, "</a>")
        }
        while let child = cmark_node_first_child(node) { cmark_node_append_child(new, child) }
        cmark_node_insert_before(node, new)
        cmark_node_free(node)
    }

    private static func escaped(_ address: String) -> String {
        let marks: [(String, String)] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")]
        return marks.reduce(address) { $0.replacing($1.0, with: $1.1) }
    }
}
