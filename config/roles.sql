-- Who may read and write what. Denied unless granted here. Applied after every migrate, by the owner.
--
-- countersign_owner   migrates; no service runs as it
-- countersign_staff   works; may not change or remove evidence
-- countersign_public  reads what is published and due, and can name nothing else

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['countersign_staff', 'countersign_public'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of the same cluster made it in this very moment
      END;
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format(
    'GRANT CONNECT ON DATABASE %I TO countersign_staff, countersign_public', current_database());
END
$$;

REVOKE ALL ON SCHEMA public, conf, register, pub FROM PUBLIC, countersign_staff, countersign_public;
REVOKE ALL ON ALL TABLES IN SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public;

GRANT USAGE ON SCHEMA public, conf, register, pub TO countersign_staff;
GRANT USAGE ON SCHEMA pub TO countersign_public;

-- Drafts are worked on.
GRANT SELECT, INSERT, UPDATE ON
  decisions_series,
  decisions_paper
TO countersign_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  decisions_recommendation,
  decisions_fundingline,
  decisions_section,
  decisions_backgroundpaper,
  decisions_supportingdocument,
  decisions_declaration,
  conf.part_two_exemption
TO countersign_staff;
GRANT SELECT, INSERT, UPDATE ON conf.part_two TO countersign_staff;

-- Evidence is added and never changed.
GRANT SELECT, INSERT ON
  decisions_version,
  decisions_event,
  decisions_contributor,
  decisions_reader,
  conf.part_two_clearance,
  conf.part_two_frozen,
  approvals_consultation,
  approvals_advice,
  approvals_reason,
  approvals_signature,
  approvals_outcome,
  approvals_edition,
  approvals_sealeddocument,
  approvals_publication,
  register.register_live,
  register.register_embargo
TO countersign_staff;

-- People and offices: dated, corrected, never deleted.
GRANT SELECT, INSERT, UPDATE ON
  accounts_user,
  accounts_duty,
  accounts_office,
  accounts_appointment,
  account_emailaddress
TO countersign_staff;
GRANT SELECT ON django_content_type TO countersign_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, accounts_cache TO countersign_staff;

-- What is published and due: one view, for both processes.
GRANT SELECT ON pub.decision TO countersign_staff, countersign_public;
