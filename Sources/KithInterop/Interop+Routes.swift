import FHIR
import HTTPTypes
import Kith

extension Interop {
    /// FHIR R4 for those who refer. Everything but the statement of what works needs a partner's token.
    static let routes: [Route] = [
        .get("/fhir/metadata", .anyone, FHIRDoor.handler { FHIRAnswer(resource: $0.capabilities) }),
        .post("/fhir", .partner, FHIRDoor.handler { try await $0.takeBundle() }),
        .post("/fhir/ServiceRequest", .partner, FHIRDoor.handler { try await $0.create("ServiceRequest") }),
        .get("/fhir/ServiceRequest/{id}", .partner, FHIRDoor.handler { try await $0.read("ServiceRequest") }),
        .post("/fhir/Task", .partner, FHIRDoor.handler { try await $0.create("Task") }),
        .get("/fhir/Task", .partner, FHIRDoor.handler { try await $0.searchTasks() }),
        .get("/fhir/Task/{id}", .partner, FHIRDoor.handler { try await $0.read("Task") }),
        .put("/fhir/Task/{id}", .partner, FHIRDoor.handler { try await $0.updateTask() }),
        .get("/fhir/**", .partner, FHIRDoor.handler { try await $0.notHere() }),
        .post("/fhir/**", .partner, FHIRDoor.handler { try await $0.notHere() }),
        .put("/fhir/**", .partner, FHIRDoor.handler { try await $0.notHere() })
    ]
}
