/// Labels in `meta.security` that say who may be told further. http://hl7.org/fhir/R4/security-labels.html
package enum SecurityLabel {
    /// Records under 42 CFR Part 2: restricted, and not to be disclosed again without consent.
    package static let part2 = [
        Coding(system: confidentiality, code: "R", display: "restricted"),
        Coding(system: act, code: "42CFRPart2", display: "42 CFR Part2"),
        Coding(system: act, code: "NORDSCLCD", display: "no redisclosure without consent directive")
    ]

    private static let confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    private static let act = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
}
