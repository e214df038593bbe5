import Storage

extension ProgramNeeds {
    static let feature = Feature(
        name: "Needs",
        migrations: [
            Migration(
                "2026-11-30-needs",
                """
                CREATE INDEX referral_received ON referral (organization_id, program_id, received_at);
                CREATE INDEX match_referral ON match (organization_id, referral_id, started_at);
                CREATE INDEX match_started ON match (organization_id, program_id, started_at)
                    WHERE started_at IS NOT NULL;
                """)
        ],
        routes: routes)
}
