import Storage
import Testing

@Suite("The database's address")
struct StoreURLTests {
    @Test("A SQLite file by its full path")
    func sqlite() throws {
        #expect(try StoreURL("sqlite:///var/lib/kith/kith.sqlite") == .sqlite(path: "/var/lib/kith/kith.sqlite"))
        #expect(try StoreURL("sqlite:///with space/Zoë.db").engine == .sqlite)
    }

    @Test(
        "A PostgreSQL database in libpq's own form",
        arguments: [
            "postgres://kith@db.example.org/kith", "postgresql://kith:pa%40ss%2F@127.0.0.1:5433/kith?sslmode=require",
            "postgres:///kith?host=/run/postgresql&user=kith", "postgres://kith@[::1]:5432,second:5432/kith",
            "postgres:///kith?host=/run/p@th", "postgres:///kith?user=kith@realm",
        ])
    func postgres(text: String) throws {
        #expect(try StoreURL(text) == .postgres(text))
        #expect(try StoreURL(text).engine == .postgres)
    }

    @Test(
        "What is wrong is said in one sentence, without repeating what may be a password",
        arguments: [
            ("", "must start with sqlite://"),
            ("hunter2secret", "must start with sqlite://"),
            ("/var/lib/hunter2secret", "must start with sqlite://"),
            ("mysql://kith:hunter2secret@host/kith", "no other database"),
            ("hunter2secret://host", "no other database"),
            ("sqlite://hunter2secret.db", "full path"),
            ("sqlite://", "full path"),
            ("sqlite:///", "names a folder"),
            ("sqlite:///var/hunter2secret/", "names a folder"),
            ("sqlite:///var/kith.sqlite?key=hunter2secret", "no options"),
            ("postgres://kith:hunter2@secret@host/kith", "%40"),
            ("postgres://kith:hunter2/secret@host/kith", "%2F"),
            ("postgres://kith:hunter2secret%zz@host/kith", "cannot be read"),
            ("postgres://kith@host/kith?hunter2secret", "cannot be read"),
            ("postgres://kith@host/kith?hunter2secret=1", "cannot be read"),
            ("postgres://kith:hunter2secret@[::1/kith", "cannot be read"),
        ])
    func bad(text: String, reason: String) {
        let error = #expect(throws: OpenError.self) { _ = try StoreURL(text) }
        #expect(error?.description.contains(reason) == true)
        for shown in ["\(error as Any)", String(reflecting: error), error?.description ?? ""] {
            #expect(!shown.contains("hunter2") && !shown.contains("secret"))
        }
    }
}
