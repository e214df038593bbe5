import HTTPTypes
import Hummingbird
import Web

extension Texting {
    static let path = "/text-messages"

    static let routes: [Route] = [
        // Its secret is its limit: people's messages must not wait for each other.
        .post("/text-messages", .anyone, receive).unpaced().answering(.text)
    ]

    private static func receive(_ visit: Visit) async throws -> Response {
        guard let desk = visit.platform.world.textDesk else { throw Problem.notFound }
        let (headers, now) = (visit.request.headers, visit.platform.world.now())
        let address = visit.place.address + path
        func isGenuine(_ body: [UInt8]) -> Bool {
            desk.isGenuine(
                { name in HTTPField.Name(name).flatMap { headers[$0] } }, body: body, address: address, at: now)
        }
        let refusal = Refusal(.forbidden, "This did not come from the gateway, so nothing was done.")
        // A stranger's message is not even taken in, where that can be told without it.
        guard desk.proof.needsBody || isGenuine([]) else { throw refusal }
        let body = Array(try await visit.request.body(upTo: IncomingText.largestBody).readableBytesView)
        guard isGenuine(body) else { throw refusal }
        if let text = try IncomingText.read(body, by: desk) { try await visit.platform.take(text) }
        return Response(status: .noContent)
    }
}
