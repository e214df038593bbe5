import Web

/// Numbers beside each other as bars, drawn here, with a title, a description and the same numbers as a table. Words
/// stand beside the bars and not in them, so that they stay as large as all text. Shown by the template `design/chart`.
package struct Chart: Sendable {
    package struct Bar: Sendable {
        package let label: String
        /// In the order of the series; below zero counts as zero.
        package let values: [Int]

        package init(_ label: String, _ values: [Int]) {
            self.label = label
            self.values = values
        }
    }

    /// Sentences, in the reader's language.
    package let title: String
    package let description: String
    /// What each bar of a line stands for.
    package let series: [String]
    package let bars: [Bar]

    package init(_ title: String, _ description: String, series: [String], bars: [Bar]) {
        self.title = title
        self.description = description
        self.series = series
        self.bars = bars
    }

    /// The largest number, which is as long as a bar gets; 1 where all are zero.
    var most: Int { max(bars.flatMap(\.values).max() ?? 0, 1) }

    /// The length of a bar in tenths of a percent, never nothing where there is something.
    package func length(of value: Int) -> Int { value <= 0 ? 0 : max(value * 1_000 / most, 4) }

    package func shown(_ words: Words) -> Value {
        let isTurned = words("language.direction") == "rtl"
        return [
            "title": .text(title), "description": .text(description), "series": .list(series.map(Value.text)),
            "bars": .list(
                bars.map { bar in
                    [
                        "label": .text(bar.label),
                        "lines": .list(
                            zip(series, bar.values).enumerated().map { index, line in
                                let length = length(of: line.1)
                                return [
                                    "name": .text(line.0), "value": .number(line.1), "length": .number(length),
                                    "from": .number(isTurned ? 1_000 - length : 0),
                                    // The second differs in height as well, not in color alone.
                                    "height": .number(index == 0 ? 12 : 6), "y": .number(index == 0 ? 0 : 3)
                                ]
                            })
                    ]
                })
        ]
    }
}
