-- Who may see which rows, and that nothing is written where nobody is named. Applied by the owner
-- after config/roles.sql, every time that is. A new table of staff's needs a line here.
--
-- The staff process says at the beginning of each transaction who acts (countersign.person, until
-- the transaction ends). Where it does not, the tables below show no row and take none. The owner
-- is not subject to the policies: the guards, the chain and a backup have to see every row.

CREATE SCHEMA IF NOT EXISTS sight;
REVOKE ALL ON SCHEMA sight FROM PUBLIC, countersign_staff, countersign_public,
  countersign_renderer, countersign_mailer, countersign_witness;
GRANT USAGE ON SCHEMA sight TO countersign_staff;

-- 1. Who acts, and what they are today. A day is a day in London.

CREATE OR REPLACE FUNCTION sight.person() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('countersign.person', true), '')::bigint
$$;

CREATE OR REPLACE FUNCTION sight.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (now() AT TIME ZONE 'Europe/London')::date
$$;

CREATE OR REPLACE FUNCTION sight.sees_every_paper() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM public.accounts_duty d JOIN public.accounts_user u ON u.id = d.person_id
    WHERE d.person_id = sight.person() AND u.is_active AND d.kind IN ('secretariat', 'auditor')
      AND d.starts <= sight.today() AND (d.ends IS NULL OR d.ends >= sight.today()));
END $$;

CREATE OR REPLACE FUNCTION sight.offices() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT array_agg(a.office_id)
      FROM public.accounts_appointment a JOIN public.accounts_user u ON u.id = a.person_id
      WHERE a.person_id = sight.person() AND u.is_active
        AND a.starts <= sight.today() AND (a.ends IS NULL OR a.ends >= sight.today()));
END $$;

CREATE OR REPLACE FUNCTION sight.is_chief_executive() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM public.accounts_office o
    WHERE o.code = 'chief_executive' AND o.id = ANY (sight.offices()));
END $$;

-- Who keeps people: the secretariat; who may be the second person at an appointment; and, where
-- there is nobody yet or nobody who can, the operator.
CREATE OR REPLACE FUNCTION sight.is_secretariat() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM public.accounts_duty d JOIN public.accounts_user u ON u.id = d.person_id
    WHERE d.person_id = sight.person() AND u.is_active AND d.kind = 'secretariat'
      AND d.starts <= sight.today() AND (d.ends IS NULL OR d.ends >= sight.today()));
END $$;

CREATE OR REPLACE FUNCTION sight.may_confirm() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN sight.is_chief_executive() OR EXISTS (
    SELECT FROM public.accounts_duty d JOIN public.accounts_user u ON u.id = d.person_id
    WHERE d.person_id = sight.person() AND u.is_active
      AND d.kind IN ('secretariat', 'head_of_service')
      AND d.starts <= sight.today() AND (d.ends IS NULL OR d.ends >= sight.today())
      AND (d.starts <= sight.today() - 7 OR NOT EXISTS (
        SELECT FROM public.accounts_act g WHERE g.person_id = d.person_id AND g.verb = 'give_duty')));
END $$;

CREATE OR REPLACE FUNCTION sight.sets_up() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN sight.person() = 0 AND NOT EXISTS (SELECT FROM public.decisions_event);
END $$;

CREATE OR REPLACE FUNCTION sight.is_operator() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN pg_has_role(session_user, current_user, 'MEMBER');
END $$;

CREATE OR REPLACE FUNCTION sight.papers_to_read() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT array_agg(paper_id) FROM public.decisions_reader WHERE person_id = sight.person());
END $$;

-- Whoever sends a paper on, or back, may lose sight of it by that very act. They keep it until the
-- transaction ends, so that the act can be written down.
CREATE OR REPLACE FUNCTION sight.moved(paper bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT current_setting('countersign.moved', true) = sight.person() || ':' || paper
$$;

CREATE OR REPLACE FUNCTION sight.keep_in_sight() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('countersign.moved', sight.person() || ':' || NEW.id, true);
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_in_sight BEFORE UPDATE ON decisions_paper
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION sight.keep_in_sight();
ALTER TABLE decisions_paper ENABLE ALWAYS TRIGGER keep_in_sight;

-- 2. The papers. This says what decisions.queries.visible_to says; a test holds them together. What
--    stands in (SELECT …) is asked once for a query, and not once for a row. What was moved may change
--    within a query, so each row asks it, after the cheap question whether anything was.

DO $do$
DECLARE
  reach constant text := $$
    (SELECT sight.sees_every_paper())
    OR officer_id = (SELECT sight.person())
    OR id = ANY ((SELECT sight.papers_to_read())::bigint[])
    OR (state IN ('endorsement', 'decision', 'decided') AND (SELECT sight.is_chief_executive()))
    OR (state IN ('decision', 'decided') AND office_id = ANY ((SELECT sight.offices())::bigint[]))
    OR (coalesce(current_setting('countersign.moved', true), '') <> '' AND sight.moved(id))
  $$;
BEGIN
  ALTER TABLE decisions_paper ENABLE ROW LEVEL SECURITY;
  DROP POLICY IF EXISTS need_to_know ON decisions_paper;
  EXECUTE format('CREATE POLICY need_to_know ON decisions_paper TO countersign_staff USING (%s)', reach);
  EXECUTE format($function$
    CREATE OR REPLACE FUNCTION sight.sees(paper bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RETURN EXISTS (SELECT FROM public.decisions_paper WHERE id = paper AND (%s));
    END $$ $function$, reach);
END
$do$;

-- Part 2 is for who sees the paper and was let in: decisions.part_two.room.is_cleared.
CREATE OR REPLACE FUNCTION sight.cleared(paper bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN sight.sees(paper) AND EXISTS (
    SELECT FROM conf.part_two_clearance c JOIN public.accounts_user u ON u.id = c.person_id
    WHERE c.paper_id = paper AND c.person_id = sight.person() AND u.is_active);
END $$;

-- 3. What hangs on a paper is seen with it. Tables that name no paper are seen with what they name.

DO $do$
DECLARE
  seen text;
  protected record;
BEGIN
  FOR protected IN SELECT * FROM (VALUES
    ('public.decisions_recommendation', 'sight.sees(paper_id)'),
    ('public.decisions_fundingline', 'sight.sees(paper_id)'),
    ('public.decisions_section', 'sight.sees(paper_id)'),
    ('public.decisions_backgroundpaper', 'sight.sees(paper_id)'),
    ('public.decisions_supportingdocument', 'sight.sees(paper_id)'),
    ('public.decisions_declaration', 'sight.sees(paper_id)'),
    ('public.decisions_contributor', 'sight.sees(paper_id)'),
    ('public.decisions_reader', 'sight.sees(paper_id)'),
    ('public.decisions_supportingfile', 'sight.sees(paper_id)'),
    ('public.decisions_fileapproval', 'sight.sees(paper_id)'),
    ('public.decisions_version', 'sight.sees(paper_id)'),
    ('public.decisions_event', 'sight.sees(paper_id) OR (paper_id IS NULL AND actor_id = (SELECT sight.person()))'),
    ('public.approvals_consultation', 'sight.sees(paper_id)'),
    ('public.approvals_signature', 'sight.sees(paper_id)'),
    ('public.approvals_edition', 'sight.sees(paper_id)'),
    ('public.approvals_notice', 'sight.sees(paper_id)'),
    ('public.approvals_advice', 'EXISTS (SELECT FROM public.approvals_consultation c WHERE c.id = consultation_id)'),
    ('public.approvals_reason', 'EXISTS (SELECT FROM public.decisions_event e WHERE e.id = event_id)'),
    ('public.approvals_outcome', 'EXISTS (SELECT FROM public.approvals_signature s WHERE s.id = signature_id)'),
    ('public.approvals_assertion', 'EXISTS (SELECT FROM public.approvals_signature s WHERE s.id = signature_id)'),
    ('public.approvals_sealeddocument', 'EXISTS (SELECT FROM public.approvals_edition e WHERE e.id = edition_id)'),
    ('public.approvals_documentrefusal', 'EXISTS (SELECT FROM public.approvals_edition e WHERE e.id = edition_id)'),
    ('public.approvals_publication', 'EXISTS (SELECT FROM public.approvals_edition e WHERE e.id = edition_id)'),
    ('public.approvals_archiveddocument', 'EXISTS (SELECT FROM public.approvals_sealeddocument d WHERE d.id = document_id)'),
    ('register.register_embargo', 'EXISTS (SELECT FROM public.decisions_paper p WHERE p.slug = register_embargo.slug)'),
    ('conf.part_two_clearance', 'sight.sees(paper_id)')
  ) AS listed (relation, rule)
  LOOP
    CONTINUE WHEN to_regclass(protected.relation) IS NULL;
    seen := format('(SELECT sight.sees_every_paper()) OR %s', protected.rule);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected.relation);
    EXECUTE format('DROP POLICY IF EXISTS need_to_know ON %s', protected.relation);
    EXECUTE format('CREATE POLICY need_to_know ON %s TO countersign_staff USING (%s)',
      protected.relation, seen);
  END LOOP;
END
$do$;

ALTER TABLE conf.part_two ENABLE ROW LEVEL SECURITY;
ALTER TABLE conf.part_two_exemption ENABLE ROW LEVEL SECURITY;
ALTER TABLE conf.part_two_frozen ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS need_to_know ON conf.part_two;
DROP POLICY IF EXISTS need_to_know ON conf.part_two_exemption;
DROP POLICY IF EXISTS need_to_know ON conf.part_two_frozen;
DROP POLICY IF EXISTS frozen_with_its_version ON conf.part_two_frozen;
CREATE POLICY need_to_know ON conf.part_two TO countersign_staff USING (sight.cleared(paper_id));
CREATE POLICY need_to_know ON conf.part_two_exemption TO countersign_staff USING (
  EXISTS (SELECT FROM conf.part_two t WHERE t.id = part_two_id));
CREATE POLICY need_to_know ON conf.part_two_frozen FOR SELECT TO countersign_staff USING (
  EXISTS (SELECT FROM public.decisions_version v
          WHERE v.id = version_id AND sight.cleared(v.paper_id)));
-- Who submits a paper freezes its Part 2 with it, and need not have read it.
CREATE POLICY frozen_with_its_version ON conf.part_two_frozen FOR INSERT TO countersign_staff
  WITH CHECK ((SELECT sight.sees_every_paper())
    OR EXISTS (SELECT FROM public.decisions_version v WHERE v.id = version_id));

-- What the confidential room needs of papers whose Part 2 the person may not read: to commit to it,
-- to compare it, to check it, to tell its notice. decisions/part_two/room.py alone names these.
CREATE OR REPLACE FUNCTION sight.part_two_unread(paper bigint) RETURNS SETOF conf.part_two
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.* FROM conf.part_two t WHERE t.paper_id = paper AND sight.sees(paper)
$$;
CREATE OR REPLACE FUNCTION sight.exemptions_unread(paper bigint)
RETURNS SETOF conf.part_two_exemption
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.* FROM conf.part_two_exemption e JOIN conf.part_two t ON t.id = e.part_two_id
  WHERE t.paper_id = paper AND sight.sees(paper) ORDER BY e.position, e.id
$$;
CREATE OR REPLACE FUNCTION sight.frozen_unread(versions bigint[]) RETURNS SETOF conf.part_two_frozen
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.* FROM conf.part_two_frozen f JOIN public.decisions_version v ON v.id = f.version_id
  WHERE f.version_id = ANY (versions) AND sight.sees(v.paper_id)
$$;
DO $do$
BEGIN
  IF to_regclass('conf.part_two_file') IS NOT NULL THEN
    ALTER TABLE conf.part_two_file ENABLE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS need_to_know ON conf.part_two_file;
    CREATE POLICY need_to_know ON conf.part_two_file TO countersign_staff
      USING (sight.cleared(paper_id));
    CREATE OR REPLACE FUNCTION sight.files_unread(paper bigint) RETURNS SETOF conf.part_two_file
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT f.* FROM conf.part_two_file f
      WHERE f.paper_id = paper AND sight.sees(paper) ORDER BY f.id
    $$;
  END IF;
END
$do$;

-- 4. The other logins keep what config/roles.sql grants them: they hold no person's session.

DO $do$
DECLARE
  own record;
BEGIN
  FOR own IN SELECT * FROM (VALUES
    ('countersign_renderer', 'approvals_edition'),
    ('countersign_renderer', 'approvals_sealeddocument'),
    ('countersign_renderer', 'approvals_archiveddocument'),
    ('countersign_renderer', 'approvals_documentrefusal'),
    ('countersign_renderer', 'decisions_event'),
    ('countersign_mailer', 'approvals_notice'),
    ('countersign_witness', 'decisions_event')
  ) AS listed (role, relation)
  LOOP
    EXECUTE format('DROP POLICY IF EXISTS %I ON public.%I', 'for_' || own.role, own.relation);
    EXECUTE format('CREATE POLICY %I ON public.%I TO %I USING (true)',
      'for_' || own.role, own.relation, own.role);
  END LOOP;
END
$do$;

-- 5. No actor, no write. The renderer, the mailer and the witness are actors by their own login
--    (and of events write their own alone: event_is_of_its_login), and the owner migrates. Where a
--    column says who did it, that is who acts. Guards judge by what stands when a row is written:
--    a transaction that is shown an earlier moment (REPEATABLE READ) writes nothing.

CREATE OR REPLACE FUNCTION sight.acts_as(named bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT named = sight.person()
$$;

CREATE OR REPLACE FUNCTION sight.no_actor_no_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  named bigint;
BEGIN
  IF pg_has_role(session_user, current_user, 'MEMBER') THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'This transaction is shown an earlier moment, so nothing was written to %.',
      TG_TABLE_NAME USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF session_user IN ('countersign_renderer', 'countersign_mailer', 'countersign_witness') THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF sight.person() IS NULL THEN
    IF TG_TABLE_NAME = 'accounts_user' AND TG_OP = 'UPDATE' THEN
      -- That somebody signed in is noted before they act.
      OLD.last_login := NEW.last_login;
      IF OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NEW;
      END IF;
    END IF;
    RAISE EXCEPTION 'Nobody is named who does this, so nothing was written to %.', TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' AND TG_NARGS = 1 THEN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO named USING NEW;
    IF sight.acts_as(named) IS NOT TRUE THEN
      RAISE EXCEPTION 'Somebody else does this than is named, so nothing was written to %.',
        TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

DO $do$
DECLARE
  written record;
BEGIN
  FOR written IN SELECT * FROM (VALUES
    ('public.accounts_user', ''), ('public.accounts_duty', ''),
    ('public.accounts_office', ''), ('public.accounts_appointment', ''),
    ('public.accounts_act', 'by_id'),
    ('public.accounts_proposal', 'by_id'),
    ('public.accounts_confirmation', 'by_id'),
    ('public.accounts_invitation', 'asked_by_id'),
    ('public.accounts_letter', ''),
    ('public.decisions_series', ''), ('public.decisions_paper', ''),
    ('public.decisions_recommendation', ''), ('public.decisions_fundingline', ''),
    ('public.decisions_section', ''), ('public.decisions_backgroundpaper', ''),
    ('public.decisions_supportingdocument', ''), ('public.decisions_declaration', ''),
    ('public.decisions_contributor', 'person_id'),
    ('public.decisions_reader', ''),
    ('public.decisions_supportingfile', 'added_by_id'),
    ('public.decisions_fileapproval', 'approved_by_id'),
    ('public.decisions_version', 'taken_by_id'),
    ('public.decisions_event', 'actor_id'),
    ('public.approvals_consultation', 'asked_by_id'),
    ('public.approvals_advice', 'adviser_id'),
    ('public.approvals_reason', ''),
    ('public.approvals_signature', 'signer_id'),
    ('public.approvals_assertion', ''),
    ('public.approvals_outcome', ''),
    ('public.approvals_edition', 'made_by_id'),
    ('public.approvals_sealeddocument', 'made_by_id'),
    ('public.approvals_archiveddocument', ''), ('public.approvals_documentrefusal', ''),
    ('public.approvals_publication', 'published_by_id'),
    ('public.approvals_notice', ''),
    ('register.register_live', ''),
    ('register.register_embargo', ''),
    ('conf.part_two', ''),
    ('conf.part_two_exemption', ''),
    ('conf.part_two_clearance', 'granted_by_id'),
    ('conf.part_two_frozen', ''),
    ('conf.part_two_file', 'added_by_id')
  ) AS listed (relation, names)
  LOOP
    CONTINUE WHEN to_regclass(written.relation) IS NULL;
    EXECUTE format(
      'CREATE OR REPLACE TRIGGER actor_is_set BEFORE INSERT OR UPDATE OR DELETE ON %s '
      'FOR EACH ROW EXECUTE FUNCTION sight.no_actor_no_write(%s)',
      written.relation, CASE WHEN written.names <> '' THEN quote_literal(written.names) ELSE '' END);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER actor_is_set', written.relation);
  END LOOP;
END
$do$;

-- 6. Guards see every row, whoever made them ask: the triggers' functions of these tables are run as
--    the owner, who is not subject to the policies.

DO $do$
DECLARE
  guard record;
BEGIN
  FOR guard IN
    SELECT DISTINCT f.oid::regprocedure AS name, f.proconfig IS NULL AS anywhere
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid AND c.relrowsecurity
    JOIN pg_proc f ON f.oid = t.tgfoid AND NOT f.prosecdef
    JOIN pg_namespace n ON n.oid = f.pronamespace AND n.nspname IN ('public', 'conf')
    WHERE NOT t.tgisinternal
  LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', guard.name);
    IF guard.anywhere THEN
      EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', guard.name);
    END IF;
  END LOOP;
END
$do$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC, countersign_staff, countersign_public,
  countersign_renderer, countersign_mailer, countersign_witness;
DO $do$
DECLARE
  asked regprocedure;
BEGIN
  FOR asked IN SELECT oid FROM pg_proc
    WHERE pronamespace = 'sight'::regnamespace AND prorettype <> 'trigger'::regtype
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO countersign_staff', asked);
  END LOOP;
END
$do$;
