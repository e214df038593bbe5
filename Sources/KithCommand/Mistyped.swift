import ArgumentParser

/// What somebody probably meant who typed a command that there is none of.
enum Mistyped {
    /// - Parameter arguments: what stood behind `kith`.
    /// - Returns: one sentence; nil where every command was found.
    static func sentence(for arguments: [String]) -> String? {
        var below = KithProgram.configuration.subcommands
        var way = "kith"
        for argument in arguments {
            if below.isEmpty || argument.hasPrefix("-") || argument == "help" { return nil }
            var names: [String] = []
            var next: [any ParsableCommand.Type]?
            for command in below {
                let name = name(of: command)
                names.append(name)
                if name == argument { next = command.configuration.subcommands }
            }
            guard let found = next else { return sentence(for: argument, behind: way, among: names) }
            below = found
            way += " " + argument
        }
        return nil
    }

    private static func name(of command: any ParsableCommand.Type) -> String { command._commandName }

    private static func sentence(for typed: String, behind way: String, among names: [String]) -> String {
        var best: (name: String, steps: Int)?
        for name in names {
            let steps = distance(name, typed)
            guard steps <= max(1, name.count / 3), steps < best?.steps ?? Int.max else { continue }
            best = (name, steps)
        }
        guard let best else {
            return "There is no “\(way) \(typed)”; there is \(names.joined(separator: ", "))."
        }
        return "There is no “\(way) \(typed)”. Did you mean “\(way) \(best.name)”?"
    }

    /// How many letters to add, take away, change or swap with their neighbor lead from one word to another.
    static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first), Array(second.lowercased()))
        var (before, last) = ([Int](), Array(0...second.count))
        for row in 1..<(first.count + 1) {
            var next = [row]
            for column in 1..<(second.count + 1) {
                let isSame = first[row - 1] == second[column - 1]
                var steps = min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    steps = min(steps, before[column - 2] + 1)
                }
                next.append(steps)
            }
            (before, last) = (last, next)
        }
        return last[second.count]
    }
}
