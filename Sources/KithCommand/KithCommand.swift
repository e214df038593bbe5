import ArgumentParser
import Glibc

/// `kith`: runs and looks after peer support.
@main
struct KithProgram: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "kith",
        abstract: "Runs peer support: people with lived experience supporting others.",
        discussion: """
            EXAMPLES
              kith demo --data var/demo         a demonstration organization on http://localhost:8080
              kith serve                        serve, from the first start on: it prints how to set up
              kith import referral.json         take in FHIR Bundles, resources and NDJSON
              kith user add --help              give somebody a way in
              kith user password ana            make a new way in for somebody who forgot
              kith policy show                  the rules of a program, to be edited and published
              kith explain-access cleo messages who may read them, who has, and why nobody else may
              kith doctor                       see whether clock, disks, mail, backups and keys are as they should be
              kith check                        look for anything that was started and forgotten
              kith backup make --to /backups    copy everything, encrypted, while Kith serves
              kith audit verify                 see that nobody changed the log afterwards
              kith screen lines.txt             say of each line whether its writer would be offered help
              kith match --help                 match a waiting list in files, and measure it

            Settings come from flags, then from the environment (KITH_DATABASE, KITH_PORT, …), then from a JSON file.
            """,
        version: version,
        subcommands: [
            Serve.self, Demo.self, Import.self, User.self, OrganizationCommand.self, SiteCommand.self,
            ProgramCommand.self, PolicyCommand.self, ConsentCommand.self, PartnerCommand.self, SignInCommand.self,
            AuditCommand.self, BackupCommand.self, Restore.self, KeyCommand.self, PersonCommand.self,
            ExplainAccess.self, ScreenCommand.self, MatchCommand.self,
            DoctorCommand.self, Check.self, Migrate.self
        ])

    /// Whatever is made, the database and its socket above all, is its owner's alone from its first moment.
    static func main() async {
        umask(0o077)
        if let sentence = Mistyped.sentence(for: Array(CommandLine.arguments.dropFirst())) {
            tell("kith: \(sentence)")
            Glibc.exit(64)  // EX_USAGE, as for a flag that there is none of
        }
        await main(nil)
    }
}
