/// Codes of the Gravity SDOH Clinical Care guide, release 3.0.0, which that guide calls temporary: domains of social
/// need, and what Tasks, their inputs and their outputs are about.
package enum GravityCode: String, Sendable, CaseIterable {
    // Domains
    case unspecifiedDomain = "sdoh-category-unspecified"
    case foodInsecurity = "food-insecurity"
    case housingInstability = "housing-instability"
    case homelessness
    case inadequateHousing = "inadequate-housing"
    case transportationInsecurity = "transportation-insecurity"
    case financialInsecurity = "financial-insecurity"
    case materialHardship = "material-hardship"
    case educationalAttainment = "educational-attainment"
    case employmentStatus = "employment-status"
    case veteranStatus = "veteran-status"
    case stress
    /// The domain of peer support for loneliness and belonging.
    case socialConnection = "social-connection"
    case intimatePartnerViolence = "intimate-partner-violence"
    case elderAbuse = "elder-abuse"
    case healthLiteracy = "personal-health-literacy"
    case healthInsurance = "health-insurance-coverage-status"
    case medicalCostBurden = "medical-cost-burden"
    case digitalLiteracy = "digital-literacy"
    case digitalAccess = "digital-access"
    case utilityInsecurity = "utility-insecurity"
    case incarcerationStatus = "incarceration-status"
    case languageAccess = "language-access"
    case protectiveFactor = "protective-factor"

    // Tasks, their inputs and outputs
    /// The kind of a Task's output that is a Procedure, or the code of one.
    case resultingActivity = "resulting-activity"
    case additionalContent = "additional-content"
    case makeContact = "make-contact"
    case reviewMaterial = "review-material"
    case generalInformation = "general-information"
    case generalInformationResponse = "general-information-response"
    case contactEntity = "contact-entity"
    case chosenContact = "chosen-contact"
    case questionnaireCategory = "questionnaire-category"
    case questionnairePDF = "questionnaire-pdf"
    case questionnaireURL = "questionnaire-url"
    case questionnairePDFCompleted = "questionnaire-pdf-completed"
    case riskQuestionnaire = "risk-questionnaire"
    case feedbackQuestionnaire = "feedback-questionnaire"
    case applicationQuestionnaire = "application-questionnaire"

    /// In ServiceRequest.orderDetail: the person must not be contacted about this request, by any means. Somebody
    /// else might notice, and the person be in danger.
    case contactingSubjectProhibited = "contacting-subject-prohibited"

    // Capacity of a service, and enrollment in one
    case capacity
    case noCapacity = "no-capacity"
    case waitlist
    case additionalAssessmentRequired = "additional-assessment-required"
    case enrolled
    case notEnrolled = "not-enrolled"
    case notEnrolledOnWaitlist = "not-enrolled-on-waitlist"

    package var coding: Coding { Coding(system: CodeSystem.gravity, code: rawValue) }
}

extension CodeableConcept {
    package func has(_ code: GravityCode) -> Bool { has(CodeSystem.gravity, code.rawValue) }
}
