/// The addresses of the code systems that peer-support referrals use.
package enum CodeSystem {
    // Clinical and billing terminologies
    package static let snomed = "http://snomed.info/sct"
    package static let loinc = "http://loinc.org"
    package static let icd10CM = "http://hl7.org/fhir/sid/icd-10-cm"
    package static let cpt = "http://www.ama-assn.org/go/cpt"
    /// HCPCS Level II as US Core requires it for procedure codes.
    package static let hcpcs = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    /// The ways in which published examples and HL7's terminology write the address of HCPCS Level II.
    package static let hcpcsSpellings: Set = [
        hcpcs,
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/Alpha-Numeric-HCPCS.html"
    ]
    package static let providerTaxonomy = "http://nucc.org/provider-taxonomy"

    // HL7
    package static let taskCode = "http://hl7.org/fhir/CodeSystem/task-code"
    package static let identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203"
    package static let eventType = "http://terminology.hl7.org/CodeSystem/v2-0003"
    package static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    package static let actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    package static let confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    package static let consentScope = "http://terminology.hl7.org/CodeSystem/consentscope"
    package static let consentPolicy = "http://terminology.hl7.org/CodeSystem/consentpolicycodes"
    package static let flagCategory = "http://terminology.hl7.org/CodeSystem/flag-category"
    package static let observationCategory = "http://terminology.hl7.org/CodeSystem/observation-category"

    // Implementation guides
    /// Gravity SDOH Clinical Care. See ``GravityCode``.
    package static let gravity =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
    /// Bidirectional Services eReferral. See ``ReferralBusinessStatus``.
    package static let bserBusinessStatus = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"
    package static let usCoreCategory = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category"
}
