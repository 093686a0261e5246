-- Who may read and write what. Denied unless granted here. Applied after every migrate, by the owner.
--
-- countersign_owner     migrates; no service runs as it
-- countersign_staff     works; may not change or remove evidence
-- countersign_public    reads what is published and due, and can name nothing else
-- countersign_renderer  makes documents of editions, and can read no draft, no person and no Part 2
-- countersign_mailer    sends the messages that were written, and can read nothing else
-- countersign_witness   reads digests and the public log, and adds what it signed of them

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY[
    'countersign_staff', 'countersign_public', 'countersign_renderer',
    'countersign_mailer', 'countersign_witness'] LOOP
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
    'GRANT CONNECT ON DATABASE %I TO countersign_staff, countersign_public, countersign_renderer, '
    'countersign_mailer, countersign_witness',
    current_database());
END
$$;

REVOKE ALL ON SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public, countersign_renderer, countersign_mailer,
    countersign_witness;
REVOKE ALL ON ALL TABLES IN SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public, countersign_renderer, countersign_mailer,
    countersign_witness;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public, countersign_renderer, countersign_mailer,
    countersign_witness;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public, conf, register, pub
  FROM PUBLIC, countersign_staff, countersign_public, countersign_renderer, countersign_mailer,
    countersign_witness;

GRANT USAGE ON SCHEMA public, conf, register, pub TO countersign_staff;
GRANT USAGE ON SCHEMA pub TO countersign_public;
GRANT USAGE ON SCHEMA public TO countersign_renderer;
GRANT USAGE ON SCHEMA public TO countersign_mailer;
GRANT USAGE ON SCHEMA public TO countersign_witness;

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
-- A file is added or removed, never changed.
GRANT SELECT, INSERT, DELETE ON decisions_supportingfile, conf.part_two_file TO countersign_staff;

-- Evidence is added and never changed.
GRANT SELECT, INSERT ON
  decisions_version,
  decisions_event,
  decisions_contributor,
  decisions_reader,
  decisions_fileapproval,
  conf.part_two_clearance,
  conf.part_two_frozen,
  approvals_consultation,
  approvals_advice,
  approvals_reason,
  approvals_signature,
  approvals_assertion,
  approvals_outcome,
  approvals_edition,
  approvals_sealeddocument,
  approvals_archiveddocument,
  approvals_documentrefusal,
  approvals_notice,
  approvals_publication,
  register.register_live,
  register.register_embargo
TO countersign_staff;

-- People and offices: dated, ended, never deleted once they began.
GRANT SELECT, INSERT, UPDATE ON
  accounts_user,
  accounts_office,
  account_emailaddress
TO countersign_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_duty, accounts_appointment TO countersign_staff;
-- What was done to people, proposed and confirmed; links, and the messages that bring them.
GRANT SELECT, INSERT ON
  accounts_act,
  accounts_proposal,
  accounts_confirmation,
  accounts_letter
TO countersign_staff;
GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON accounts_invitation TO countersign_staff;
-- What people prove themselves by: removed when it is lost. What it proved stays with the signature.
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator, accounts_signin TO countersign_staff;
GRANT SELECT, INSERT, DELETE ON accounts_identity TO countersign_staff;
GRANT SELECT ON django_content_type TO countersign_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, accounts_cache TO countersign_staff;

-- What is published and due: one view, for both processes.
GRANT SELECT ON pub.decision TO countersign_staff, countersign_public;
-- The public log: commitments, and what is behind those that are due.
GRANT SELECT ON pub.log_entry, pub.checkpoint TO countersign_public;
GRANT EXECUTE ON FUNCTION pub.opened_leaves(text), pub.opened_leaves(bigint, bigint)
TO countersign_public;

-- Jobs. Their tables stand where procrastinate's own migrations put them. Staff ask for a document,
-- see how far it is, and may only move a try that is still to come; the worker does the rest.
GRANT SELECT, INSERT, UPDATE (scheduled_at) ON procrastinate_jobs TO countersign_staff;
GRANT SELECT, INSERT ON procrastinate_events TO countersign_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  procrastinate_jobs,
  procrastinate_periodic_defers,
  procrastinate_workers
TO countersign_renderer;
GRANT SELECT, INSERT ON procrastinate_events TO countersign_renderer;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq
TO countersign_staff, countersign_renderer;
GRANT USAGE ON SEQUENCE procrastinate_periodic_defers_id_seq TO countersign_renderer;
GRANT EXECUTE ON FUNCTION procrastinate_defer_jobs_v1 TO countersign_staff, countersign_renderer;
GRANT EXECUTE ON FUNCTION
  procrastinate_defer_periodic_job_v2,
  procrastinate_fetch_job_v2,
  procrastinate_finish_job_v1,
  procrastinate_retry_job_v2,
  procrastinate_register_worker_v1,
  procrastinate_unregister_worker_v1,
  procrastinate_update_heartbeat_v1,
  procrastinate_prune_stalled_workers_v1
TO countersign_renderer;

-- The worker reads editions, which have no field for Part 2, and adds documents and their events.
-- Of an event it may read what the database adds, and not what the event says.
GRANT SELECT ON approvals_edition TO countersign_renderer;
GRANT SELECT, INSERT ON
  approvals_sealeddocument,
  approvals_archiveddocument,
  approvals_documentrefusal
TO countersign_renderer;
GRANT INSERT, SELECT (id, seq, at, db_role, prev, hash) ON decisions_event TO countersign_renderer;
-- At night it has the register move what is due to the live shelf. What is due, PostgreSQL decides.
GRANT EXECUTE ON FUNCTION move_due_decisions TO countersign_renderer;

-- The mailer reads what was written and to whom, and says when it was sent or is tried again.
GRANT SELECT, UPDATE (due_at, attempts, sent_at) ON approvals_notice TO countersign_mailer;
GRANT SELECT (id, name, email, is_active) ON accounts_user TO countersign_mailer;
-- It makes the secret of a link when it sends it, and keeps its digest.
GRANT SELECT, UPDATE (due_at, attempts, sent_at) ON accounts_letter TO countersign_mailer;
GRANT SELECT, UPDATE (digest, expires_at) ON accounts_invitation TO countersign_mailer;

-- The witness reads the chain, digests and the log, and adds checkpoints. It may read no text of a
-- paper: chain_evidence gives digests that the database computes from them.
GRANT SELECT ON decisions_event, chain_evidence, chain_leaf TO countersign_witness;
GRANT SELECT, INSERT ON chain_checkpoint TO countersign_witness;

-- What config/bootstrap.sql took from PUBLIC, and a service needs: a job says that it is there, two runs
-- that renew copies or load sample data know of each other, and nothing else. Where bootstrap.sql was not
-- run there is nothing to hand on, and a system check says so.
DO $$
DECLARE
  needed constant text[] := ARRAY[
    'pg_notify(text, text)=countersign_staff', 'pg_notify(text, text)=countersign_renderer',
    'pg_advisory_xact_lock(bigint)=countersign_staff',
    'pg_try_advisory_lock(bigint)=countersign_staff', 'pg_advisory_unlock(bigint)=countersign_staff',
    'pg_try_advisory_lock(bigint)=countersign_renderer',
    'pg_advisory_unlock(bigint)=countersign_renderer'];
  need text;
BEGIN
  FOREACH need IN ARRAY needed LOOP
    IF has_function_privilege(split_part(need, '=', 1), 'EXECUTE WITH GRANT OPTION') THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION pg_catalog.%s TO %I',
        split_part(need, '=', 1), split_part(need, '=', 2));
    END IF;
  END LOOP;
END
$$;

-- A reader from outside can use up no more than this of connections and of room for sorting.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_public' AND rolconnlimit <> 30) THEN
    ALTER ROLE countersign_public CONNECTION LIMIT 30;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_db_role_setting d WHERE d.setrole = 'countersign_public'::regrole
                 AND d.setdatabase = 0 AND 'temp_file_limit=262144' = ANY (d.setconfig)) THEN
    ALTER ROLE countersign_public SET temp_file_limit = 262144;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN NULL;
  WHEN internal_error THEN NULL; -- another database of the same cluster sets it in this moment
END
$$;

-- PostgreSQL's own log says nothing of what a service does: its errors quote rows and statements, and
-- the services log what may be told. Only a superuser may set most of these, or an owner whom
-- config/bootstrap.sql allowed it; where neither did, a system check says so.
DO $$
DECLARE
  settings constant text[] := ARRAY[
    'log_min_messages=fatal', 'log_min_error_statement=panic', 'log_error_verbosity=terse',
    'log_parameter_max_length=0', 'log_parameter_max_length_on_error=0', 'log_statement=none',
    'log_min_duration_statement=-1', 'log_min_duration_sample=-1', 'log_lock_waits=off'];
  setting text;
  service text;
BEGIN
  FOR service, setting IN
    SELECT r.rolname, s FROM pg_roles r CROSS JOIN unnest(settings) AS s
    WHERE r.rolname LIKE 'countersign\_%' AND r.rolname <> 'countersign_owner'
      AND NOT EXISTS (SELECT FROM pg_db_role_setting d
                      WHERE d.setrole = r.oid AND d.setdatabase = 0 AND s = ANY (d.setconfig))
  LOOP
    BEGIN
      EXECUTE format('ALTER ROLE %I SET %I = %L',
        service, split_part(setting, '=', 1), split_part(setting, '=', 2));
    EXCEPTION
      WHEN insufficient_privilege THEN NULL;
      WHEN internal_error THEN NULL; -- another database of the same cluster sets it in this moment
    END;
  END LOOP;
END
$$;
