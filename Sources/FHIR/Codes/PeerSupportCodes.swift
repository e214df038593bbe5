/// Codes that stand for peer support and its referral. Terminologies under licence are named by code only where their
/// words may not be shipped (CPT).
extension Coding {
    /// What a referral to peer support asks for (SNOMED CT, US edition), as in HL7's US Behavioral Health Profiles.
    package static let referralToPeerSupport = Coding(
        system: CodeSystem.snomed, code: "461481000124109", display: "Referral to peer support (procedure)")
    /// A referral of any kind.
    package static let patientReferral = Coding(
        system: CodeSystem.snomed, code: "3457005", display: "Patient referral")
    /// The category of a ServiceRequest for a social service.
    package static let socialServiceProcedure = Coding(
        system: CodeSystem.snomed, code: "410606002", display: "Social service procedure")

    /// Peer services by the quarter of an hour: the usual Medicaid code.
    package static let peerServices = hcpcs("H0038", "Self-help/peer services, per 15 minutes")
    package static let preventionEducation = hcpcs("H0025", "Behavioral health prevention education service")
    /// Principal illness navigation by a peer: the first hour of a month, and each half hour more (Medicare).
    package static let peerNavigation = hcpcs("G0140")
    package static let peerNavigationMore = hcpcs("G0146")
    /// Principal illness navigation: the first hour of a month, and each half hour more (Medicare).
    package static let illnessNavigation = hcpcs("G0023")
    package static let illnessNavigationMore = hcpcs("G0024")
    /// Community health integration: the first hour of a month, and each half hour more (Medicare).
    package static let communityHealthIntegration = hcpcs("G0019")
    package static let communityHealthIntegrationMore = hcpcs("G0022")
    /// Education in self-management for one person, for two to four, and for five to eight.
    package static let selfManagementEducation = [
        Coding(system: CodeSystem.cpt, code: "98960"),
        Coding(system: CodeSystem.cpt, code: "98961"),
        Coding(system: CodeSystem.cpt, code: "98962")
    ]

    /// Who gives the support (NUCC provider taxonomy).
    package static let peerSpecialist = Coding(
        system: CodeSystem.providerTaxonomy, code: "175T00000X", display: "Peer Specialist")
    package static let communityHealthWorker = Coding(
        system: CodeSystem.providerTaxonomy, code: "172V00000X", display: "Community Health Worker")

    /// The code of a Task that asks to carry out the request in its focus.
    package static let fulfill = Coding(
        system: CodeSystem.taskCode, code: "fulfill", display: "Fulfill the focal request")
    /// The number that the initiator of an order gives to it.
    package static let placerIdentifier = Coding(
        system: CodeSystem.identifierType, code: "PLAC", display: "Placer Identifier")
    /// The number that the recipient of an order gives to it.
    package static let fillerIdentifier = Coding(
        system: CodeSystem.identifierType, code: "FILL", display: "Filler Identifier")
    /// The event of a referral message in BSeR.
    package static let referralMessage = Coding(
        system: CodeSystem.eventType, code: "I12", display: "REF/RRI - Patient referral")
    /// The category of a consent to disclose information.
    package static let informationDisclosure = Coding(
        system: CodeSystem.actCode, code: "IDSCL", display: "information disclosure")
    package static let safetyFlag = Coding(system: CodeSystem.flagCategory, code: "safety", display: "Safety")

    private static func hcpcs(_ code: String, _ display: String? = nil) -> Coding {
        Coding(system: CodeSystem.hcpcs, code: code, display: display)
    }
}
