import CLibPQ
import Foundation

extension StoreURL {
    /// Refuses a PostgreSQL on another machine that lets this program in without any password or certificate: it lets
    /// everybody else in as well.
    /// - Parameter environment: where libpq looks for what the address does not say.
    package func checkPassword(_ environment: [String: String]) throws(OpenError) {
        guard case .postgres(let text) = self, let options = PQconninfoParse(text, nil) else { return }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let name = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: name)] = String(cString: value) }
            option += 1
        }
        func has(_ name: String, _ variable: String) -> Bool {
            !(given[name] ?? environment[variable] ?? "").isEmpty
        }
        let places = (given["hostaddr"] ?? given["host"] ?? environment["PGHOSTADDR"] ?? environment["PGHOST"] ?? "")
            .split(separator: ",")
        guard !places.allSatisfy({ Self.isHere(String($0)) }) else { return }
        let home = environment["HOME"].map { FileManager.default.fileExists(atPath: $0 + "/.pgpass") } ?? false
        guard
            has("password", "PGPASSWORD") || has("passfile", "PGPASSFILE") || has("sslcert", "PGSSLCERT")
                || has("service", "PGSERVICE") || home
        else {
            throw OpenError(
                "The database is on another machine and has no password. Give its user one, and put it into PGPASSWORD "
                    + "or a file named by PGPASSFILE.")
        }
    }

    /// A Unix socket or this machine.
    private static func isHere(_ place: String) -> Bool {
        place.hasPrefix("/") || place.hasPrefix("@") || place.hasPrefix("127.")
            || ["localhost", "::1"].contains(place.lowercased())
    }
}
