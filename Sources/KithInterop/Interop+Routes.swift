import FHIR
import HTTPTypes
import Kith

extension Interop {
    /// FHIR R4 for those who refer. Everything but the statement of what works needs a partner's token.
    static let routes: [Route] = (served + unserved).map { $0.answering(.fhir) }

    private static let served: [Route] = [
        .get("/fhir/metadata", .anyone, FHIRDoor.handler { FHIRAnswer(resource: $0.capabilities) }).asking("_format"),
        .post("/fhir", .partner, FHIRDoor.handler { try await $0.takeBundle() }).asking("_format")
            .taking(resources: ["Bundle"]),
        .post("/fhir/ServiceRequest", .partner, FHIRDoor.handler { try await $0.create("ServiceRequest") })
            .asking("_format").taking(resources: ["ServiceRequest"]),
        .get("/fhir/ServiceRequest/{id}", .partner, FHIRDoor.handler { try await $0.read("ServiceRequest") })
            .asking("_format"),
        .post("/fhir/Task", .partner, FHIRDoor.handler { try await $0.create("Task") }).asking("_format")
            .taking(resources: ["Task"]),
        .get("/fhir/Task", .partner, FHIRDoor.handler { try await $0.searchTasks() })
            .asking("_format", "status", "patient", "_after", "_id", "_count", "_lastUpdated"),
        .get("/fhir/Task/{id}", .partner, FHIRDoor.handler { try await $0.read("Task") }).asking("_format"),
        .put("/fhir/Task/{id}", .partner, FHIRDoor.handler { try await $0.updateTask() }).asking("_format")
            .taking(resources: ["Task"])
    ]

    /// Whatever else a FHIR client may try, so that it hears no in its own language.
    private static let unserved: [Route] = {
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]
        let paths = ["/fhir", "/fhir/metadata", "/fhir/ServiceRequest", "/fhir/ServiceRequest/{id}", "/fhir/Task"]
        return (paths + ["/fhir/Task/{id}", "/fhir/**"]).flatMap { path in
            let allowed = served.filter { $0.path == path }.map(\.method)
            return methods.filter { !allowed.contains($0) }.map { method in
                Route.on(method, path, .partner, FHIRDoor.notServed(allowed: allowed))
            }
        }
    }()
}
