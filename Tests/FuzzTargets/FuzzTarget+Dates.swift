import FHIR

extension FuzzTarget {
    /// FHIR's dates, in every form that a type or a search allows.
    static func readFHIRDate(_ text: String) throws {
        for form in [FHIRDate.Form.date, .dateTime, .instant, .search] {
            guard let date = FHIRDate(text, as: form) else { continue }
            try promise("a date stays as written", date.text == text)
            for offset in [-720, 0, 840] {
                let span = date.interval(offset: offset)
                try promise("a date covers a time", span.lowerBound <= span.upperBound)
                let instant = FHIRDate(instant: span.lowerBound)
                try promise("a moment is an instant", FHIRDate(instant.text, as: .instant)?.start() == instant.start())
            }
            if form != .search { try promise("a search takes every form", FHIRDate(text, as: .search) == date) }
        }
        if let date = SearchDate(text) {
            let span = date.date.interval()
            _ = date.matches(span, now: span.upperBound)
        }
        let target = Reference.Target(text)
        if case .relative(let key) = target {
            try promise("a reference is written as read", key.description == text && ResourceKey(text) == key)
        }
    }
}
