import Kith
import NIOCore
import Web

extension FuzzTarget {
    /// What coordinators write for courses, on its way onto pages.
    static let markdown = FuzzTarget("markdown") { bytes in
        let harmless = /<\/?(h[3-6]|p|ul|ol|li|em|strong|del|code|pre|blockquote|table|thead|tbody|tr|th|td)>|<\/a>/
        let marked =
            /<(br|hr) \/>|<ol start="\d+">|<(td|th) align="(left|right|center)">|<code class="language-[^"<>]*">/
        let link = /<a href="(?i:https?:\/\/|mailto:|tel:)[^"<>]*" rel="noopener noreferrer">/
        var page = String(buffer: Markdown(text(bytes)).html().bytes)[...]
        while let start = page.firstIndex(of: "<") {
            guard let end = page[start...].firstIndex(of: ">") else { throw BrokenPromise("a tag has an end") }
            let tag = page[start...end]
            let isKnown =
                tag.wholeMatch(of: harmless) != nil || tag.wholeMatch(of: marked) != nil
                || tag.wholeMatch(of: link) != nil
            try promise("nothing but what texts are made of comes onto the page", isKnown)
            page = page[page.index(after: end)...]
        }
    }
}
