import Foundation
import Kith

package enum Interop { package static let feature = Feature(name: "Interop") }
package struct Importer {
    package init() {}
    package struct Report { package let text = ""; package let json = ""; package let refusedEverything = false }
    package func run(files: [(name: String, bytes: [UInt8])], into platform: Platform, organization: Organization.ID, program: Program.ID) async throws -> Report { Report() }
}
