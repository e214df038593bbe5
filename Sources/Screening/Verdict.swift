/// What screening says about one text: whether help should be offered to whoever wrote it.
///
/// It is about the words of one text. It is no score, says nothing about a person, and is no reason to hold a text back.
package enum Verdict: Equatable, Sendable {
    case none
    case worry(Worry)
}

/// The words of a text for which help should be offered.
package struct Worry: Equatable, Sendable {
    /// The rule that found it, as in the rule files: `wish-to-die`.
    package let rule: String
    package let kind: Kind
    package let language: Language
    /// The version of the rules that found it.
    package let version: String
    /// Where in the text.
    package let range: Range<String.Index>
}

/// What a worry is about, so that the right help can be offered. None of them is worse than another.
///
/// The kinds of suicidal thought follow the questions of the Columbia scale (C-SSRS: wish to be dead, thoughts, method,
/// intent, plan, behavior); the others follow what crisis lines and perinatal services are asked for.
package enum Kind: String, CaseIterable, Sendable {
    case suicide
    case selfHarm = "self-harm"
    case harmToBaby = "harm-to-baby"
    case harmToOthers = "harm-to-others"
    case abuse
    case overdose
    /// Leaving off treatment, food or drink in order to die.
    case givingUp = "giving-up"
    /// Somebody other than the writer is in danger now.
    case someoneElse = "someone-else"
}

/// The languages that have rules. Every text is read by all of them, since people mix languages.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case spanish = "es"
    case arabic = "ar"
}
