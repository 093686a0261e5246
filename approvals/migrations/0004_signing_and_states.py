"""What PostgreSQL asks of a signature and of a state, whoever writes them.

The same rules stand in the workflow table, as sentences for people. Here they hold for every other
way to the rows: another command, a slip in a new view, a statement typed by hand.
"""

from __future__ import annotations

from django.db import migrations

# A signature is made by who holds the office that day, on the newest text, by nobody who wrote it,
# advised on it or signed it before. The paper is locked first, so that nobody can become a
# contributor between the question and the signature. Sample papers carry dates of real ones: of
# them the office held today is asked.
SIGNER = """
CREATE FUNCTION signer_may_sign() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
DECLARE
  paper record;
  newest record;
  day date;
BEGIN
  SELECT * INTO paper FROM decisions_paper WHERE id = NEW.paper_id FOR NO KEY UPDATE;
  SELECT * INTO newest FROM decisions_version
    WHERE paper_id = NEW.paper_id ORDER BY number DESC LIMIT 1;

  IF NEW.version_id IS DISTINCT FROM newest.id
     OR NEW.digest <> encode(sha256(convert_to(newest.content, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'A signature is on the newest version and on the digest of its text.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF paper.state <> (CASE NEW.act WHEN 'endorse' THEN 'endorsement' ELSE 'decision' END) THEN
    RAISE EXCEPTION 'The paper is not where this act is signed.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NOT paper.sample AND abs(extract(epoch FROM NEW.signed_at - clock_timestamp())) > 300 THEN
    RAISE EXCEPTION 'A signature bears the time at which it is made.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  day := (CASE WHEN paper.sample THEN clock_timestamp() ELSE NEW.signed_at END
          AT TIME ZONE 'Europe/London')::date;
  PERFORM FROM accounts_appointment a
    JOIN accounts_office o ON o.id = a.office_id
    JOIN accounts_user u ON u.id = a.person_id AND u.is_active
    WHERE a.id = NEW.appointment_id AND a.person_id = NEW.signer_id
      AND a.office_id = NEW.office_id
      AND a.starts <= day AND (a.ends IS NULL OR a.ends >= day)
      AND CASE NEW.act WHEN 'endorse' THEN o.code = 'chief_executive'
                       ELSE o.id = paper.office_id END
      AND NEW.acting_for = CASE WHEN a.acting THEN o.title ELSE '' END;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Who signs holds, or acts in, the office that signs this, on that day.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  IF paper.officer_id = NEW.signer_id
     OR EXISTS (SELECT FROM decisions_contributor c
                WHERE c.paper_id = paper.id AND c.person_id = NEW.signer_id)
     OR EXISTS (SELECT FROM approvals_consultation c
                WHERE c.paper_id = paper.id AND c.round = paper.round
                  AND c.person_id = NEW.signer_id)
     OR EXISTS (SELECT FROM approvals_signature s
                WHERE s.paper_id = paper.id AND s.round = paper.round
                  AND s.signer_id = NEW.signer_id) THEN
    RAISE EXCEPTION 'Nobody signs a paper that they wrote, advised on or signed already.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signer_may_sign BEFORE INSERT ON approvals_signature
  FOR EACH ROW EXECUTE FUNCTION signer_may_sign();
ALTER TABLE approvals_signature ENABLE ALWAYS TRIGGER signer_may_sign;
"""
NO_SIGNER = """
DROP TRIGGER signer_may_sign ON approvals_signature;
DROP FUNCTION signer_may_sign();
"""

# The steps of the workflow table. Going back to draft begins a round, which voids what was signed.
STEPS = """
CREATE FUNCTION paper_takes_a_step_of_the_table() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.round <> 1 THEN
      RAISE EXCEPTION 'A paper begins in draft.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('draft', 'consultation'), ('consultation', 'endorsement'), ('endorsement', 'decision'),
    ('decision', 'decided'),
    ('consultation', 'draft'), ('endorsement', 'draft'), ('decision', 'draft'),
    ('draft', 'withdrawn'), ('consultation', 'withdrawn'), ('endorsement', 'withdrawn'),
    ('decision', 'withdrawn')) THEN
    RAISE EXCEPTION 'No verb leads from % to %.', OLD.state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.round <> OLD.round + (NEW.state = 'draft' AND OLD.state <> 'draft')::integer THEN
    RAISE EXCEPTION 'A round begins when a paper goes back to draft, and at no other time.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_takes_a_step_of_the_table BEFORE INSERT OR UPDATE ON decisions_paper
  FOR EACH ROW EXECUTE FUNCTION paper_takes_a_step_of_the_table();
ALTER TABLE decisions_paper ENABLE ALWAYS TRIGGER paper_takes_a_step_of_the_table;
"""
NO_STEPS = """
DROP TRIGGER paper_takes_a_step_of_the_table ON decisions_paper;
DROP FUNCTION paper_takes_a_step_of_the_table();
"""

# Asked when the transaction ends, because state and signature are written one after the other.
EARNED = """
CREATE FUNCTION paper_state_is_earned() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
DECLARE
  paper record;
  newest bigint;
  signed text[];
BEGIN
  SELECT * INTO paper FROM decisions_paper WHERE id = NEW.id;
  SELECT id INTO newest FROM decisions_version
    WHERE paper_id = paper.id ORDER BY number DESC LIMIT 1;
  SELECT array_agg(act::text) INTO signed FROM approvals_signature
    WHERE paper_id = paper.id AND round = paper.round AND version_id = newest;

  IF paper.state IN ('endorsement', 'decision', 'decided') AND EXISTS (
    SELECT FROM approvals_consultation c
    WHERE c.paper_id = paper.id AND c.round = paper.round AND NOT EXISTS (
      SELECT FROM approvals_advice a WHERE a.consultation_id = c.id AND a.version_id = newest))
  THEN
    RAISE EXCEPTION 'A paper goes forward when everybody asked has advised on this version.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF paper.state IN ('endorsement', 'decision', 'decided') AND newest IS NULL THEN
    RAISE EXCEPTION 'A paper goes forward as a version.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF paper.state IN ('decision', 'decided') AND NOT 'endorse' = ANY (coalesce(signed, '{}')) THEN
    RAISE EXCEPTION 'Nothing is endorsed without a signature on this version.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF paper.state = 'decided' AND NOT 'decide' = ANY (coalesce(signed, '{}')) THEN
    RAISE EXCEPTION 'Nothing is decided without a signature on this version.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF paper.state = 'decided' AND NOT EXISTS (
    SELECT FROM approvals_edition e WHERE e.paper_id = paper.id AND e.number = 1) THEN
    RAISE EXCEPTION 'What is decided has its first edition.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER paper_state_is_earned AFTER UPDATE ON decisions_paper
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION paper_state_is_earned();
ALTER TABLE decisions_paper ENABLE ALWAYS TRIGGER paper_state_is_earned;
"""
NO_EARNED = """
DROP TRIGGER paper_state_is_earned ON decisions_paper;
DROP FUNCTION paper_state_is_earned();
"""

# Whoever changes a part holds the paper while its state is asked, so that it cannot be submitted
# in between; and of a paper that can no longer be changed nobody becomes a contributor, nor is
# another version taken, which would leave its signatures on an older one.
PARTS = """
CREATE OR REPLACE FUNCTION part_of_an_editable_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part record;
BEGIN
  IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
  PERFORM FROM decisions_paper
    WHERE id = part.paper_id AND state IN ('draft', 'consultation') {lock};
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The paper is frozen in its present state.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN part;
END $$;
"""
TAKEN_WITH_IT = ("decisions_contributor", "decisions_version")
FROZEN = "".join(
    f"""
CREATE TRIGGER part_of_an_editable_paper BEFORE INSERT ON {table}
  FOR EACH ROW EXECUTE FUNCTION part_of_an_editable_paper();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER part_of_an_editable_paper;
"""
    for table in TAKEN_WITH_IT
)
NOT_FROZEN = "".join(
    f"DROP TRIGGER part_of_an_editable_paper ON {table};\n" for table in TAKEN_WITH_IT
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_cache"),
        ("approvals", "0003_documents_made_apart"),
        ("decisions", "0002_guards"),
    ]

    operations = [
        migrations.RunSQL(SIGNER, NO_SIGNER),
        migrations.RunSQL(STEPS, NO_STEPS),
        migrations.RunSQL(EARNED, NO_EARNED),
        migrations.RunSQL(
            PARTS.replace("{lock}", "FOR NO KEY UPDATE"), PARTS.replace("{lock}", "")
        ),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
    ]
