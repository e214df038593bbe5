import Hummingbird
import Web

/// Renders one template by itself, or among others.
func rendered(_ template: String, _ value: Value = [:], with others: [String: String] = [:]) throws -> String {
    let library = try TemplateLibrary(others.merging(["page": template]) { _, page in page })
    return String(buffer: try library.render("page", value))
}

/// The error that loading or rendering a template ends with.
func templateError(
    _ template: String, _ value: Value = [:], with others: [String: String] = [:]
) -> TemplateError? {
    do {
        _ = try rendered(template, value, with: others)
        return nil
    } catch {
        return error as? TemplateError
    }
}
