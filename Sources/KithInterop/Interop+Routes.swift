import FHIR
import HTTPTypes
import Kith

extension Interop {
    /// FHIR R4 for those who refer. Everything but the statement of what works needs a partner's token.
    static let routes: [Route] = served + unserved

    private static let served: [Route] = [
        .get("/fhir/metadata", .anyone, FHIRDoor.handler { FHIRAnswer(resource: $0.capabilities) }),
        .post("/fhir", .partner, FHIRDoor.handler { try await $0.takeBundle() }),
        .post("/fhir/ServiceRequest", .partner, FHIRDoor.handler { try await $0.create("ServiceRequest") }),
        .get("/fhir/ServiceRequest/{id}", .partner, FHIRDoor.handler { try await $0.read("ServiceRequest") }),
        .post("/fhir/Task", .partner, FHIRDoor.handler { try await $0.create("Task") }),
        .get("/fhir/Task", .partner, FHIRDoor.handler { try await $0.searchTasks() }),
        .get("/fhir/Task/{id}", .partner, FHIRDoor.handler { try await $0.read("Task") }),
        .put("/fhir/Task/{id}", .partner, FHIRDoor.handler { try await $0.updateTask() })
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
