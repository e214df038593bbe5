import Storage

extension Person {
    package static let feature = Feature(
        name: "People", migrations: migrations,
        routes: routes + staffRoutes + Session.routes + Account.routes
            + Proof.routes + HalfSignIn.routes + SecondFactor.routes
            + Passkey.routes,
        events: [
            .personAdded, .personCompleted, .personChanged, .roleGiven, .roleEnded, .accessEnded,
            .accountOpened, .passwordChanged,
            .signedIn, .signedOut, .identityProved, .signInRuleSet, .halfSignedIn,
            .secondFactorBegun, .secondFactorOn, .secondFactorOff, .recoveryCodesMade, .recoveryCodeUsed, .passkeyAdded,
            .passkeyEnded, .invited, .invitationAccepted, .careRelationAdded,
            .careRelationEnded,
            .doNotContactSet, .personSilenced, .personUnsilenced
        ],
        reactions: [(.programOpened, administer)],
        afterRestore: [
            { now in "UPDATE session SET ended_at = \(now) WHERE ended_at IS NULL" },
            // Of people who came after the backup.
            { _ in
                """
                DELETE FROM person_key WHERE NOT EXISTS (SELECT 1 FROM person p
                    WHERE p.organization_id = person_key.organization_id AND p.id = person_key.person_id)
                """
            }
        ],
        erasures: [
            { house, person, _ in "DELETE FROM session WHERE organization_id = \(house) AND person_id = \(person)" },
            { house, person, _ in "DELETE FROM invitation WHERE organization_id = \(house) AND person_id = \(person)" },
            { house, person, _ in
                "DELETE FROM authenticator_app WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in "DELETE FROM recovery_code WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in "DELETE FROM half_sign_in WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in "DELETE FROM passkey WHERE organization_id = \(house) AND person_id = \(person)" },
            { house, person, _ in "DELETE FROM account WHERE organization_id = \(house) AND person_id = \(person)" },
            { house, person, _ in
                "DELETE FROM contact_channel WHERE organization_id = \(house) AND person_id = \(person)"
            },
            { house, person, _ in
                """
                DELETE FROM care_relation
                WHERE organization_id = \(house) AND (caregiver_id = \(person) OR cared_for_id = \(person))
                """
            },
            { house, person, _ in
                """
                UPDATE person SET name = '–', called = NULL, birth_year = NULL, gender = NULL, culture = NULL,
                    area = NULL, died_on = NULL, do_not_contact = TRUE
                WHERE organization_id = \(house) AND id = \(person)
                """
            }
        ])
}
