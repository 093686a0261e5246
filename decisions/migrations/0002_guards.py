"""What PostgreSQL itself refuses: silent overwrites, edits of frozen papers, changed evidence."""

from __future__ import annotations

from django.db import migrations

# Every save carries the next number. A save that forgot what it was loaded with fails loudly.
NEXT_VERSION = """
CREATE FUNCTION paper_carries_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'The paper was changed by somebody else meanwhile.'
      USING ERRCODE = 'serialization_failure';
  END IF;
  IF NEW.reference <> OLD.reference OR NEW.number <> OLD.number OR NEW.series_id <> OLD.series_id
     OR NEW.round < OLD.round OR NEW.sample <> OLD.sample THEN
    RAISE EXCEPTION 'A reference, once drawn, stays with its paper.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_carries_next_version BEFORE UPDATE ON decisions_paper
  FOR EACH ROW EXECUTE FUNCTION paper_carries_next_version();
ALTER TABLE decisions_paper ENABLE ALWAYS TRIGGER paper_carries_next_version;
"""
NO_NEXT_VERSION = """
DROP TRIGGER paper_carries_next_version ON decisions_paper;
DROP FUNCTION paper_carries_next_version();
"""

# The parts of a paper change only while its state allows editing.
PARTS = (
    "decisions_recommendation",
    "decisions_fundingline",
    "decisions_section",
    "decisions_backgroundpaper",
    "decisions_supportingdocument",
    "decisions_declaration",
)
FROZEN_PARTS = """
CREATE FUNCTION part_of_an_editable_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part record;
BEGIN
  IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
  PERFORM FROM decisions_paper
    WHERE id = part.paper_id AND state IN ('draft', 'consultation');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The paper is frozen in its present state.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN part;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER part_of_an_editable_paper BEFORE INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION part_of_an_editable_paper();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER part_of_an_editable_paper;
"""
    for table in PARTS
)
NO_FROZEN_PARTS = (
    "".join(f"DROP TRIGGER part_of_an_editable_paper ON {table};\n" for table in PARTS)
    + "DROP FUNCTION part_of_an_editable_paper();"
)

# Evidence is added and never changed, not even by who may truncate.
EVIDENCE = ("decisions_version", "decisions_event", "decisions_contributor", "decisions_reader")
INSERT_ONLY = """
CREATE FUNCTION evidence_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is evidence: rows are added and never changed.', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER evidence_never_changes BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION evidence_never_changes();
CREATE TRIGGER evidence_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_never_changes();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER evidence_never_changes;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER evidence_never_emptied;
"""
    for table in EVIDENCE
)
NO_INSERT_ONLY = (
    "".join(
        f"DROP TRIGGER evidence_never_changes ON {table};\n"
        f"DROP TRIGGER evidence_never_emptied ON {table};\n"
        for table in EVIDENCE
    )
    + "DROP FUNCTION evidence_never_changes();"
)

# A version's digest is the digest of its text, whoever computed it.
DIGEST = """
CREATE FUNCTION version_digest_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.digest <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'The digest is not that of the text.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_digest_is_true BEFORE INSERT ON decisions_version
  FOR EACH ROW EXECUTE FUNCTION version_digest_is_true();
ALTER TABLE decisions_version ENABLE ALWAYS TRIGGER version_digest_is_true;
"""
NO_DIGEST = """
DROP TRIGGER version_digest_is_true ON decisions_version;
DROP FUNCTION version_digest_is_true();
"""

# One writer at a time, through the gate row; every field has its length before it, so that no two
# different events can have the same text.
CHAIN = """
CREATE TABLE event_gate (id integer PRIMARY KEY CHECK (id = 1));
INSERT INTO event_gate VALUES (1);
CREATE FUNCTION with_length(value text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8')
$$;
CREATE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last record;
BEGIN
  PERFORM FROM event_gate FOR NO KEY UPDATE;
  SELECT seq, hash INTO last FROM decisions_event ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.at := clock_timestamp();
  NEW.db_role := session_user;
  NEW.prev := coalesce(last.hash, repeat('0', 64));
  NEW.hash := encode(sha256(
    '\\x00'::bytea
    || with_length(NEW.seq::text)
    || with_length(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || with_length(NEW.db_role)
    || with_length(coalesce(NEW.paper_id::text, ''))
    || with_length(NEW.actor_id::text)
    || with_length(NEW.verb)
    || with_length(NEW.facts)
    || with_length(NEW.prev)
  ), 'hex');
  RETURN NEW;
END $$;
CREATE TRIGGER chain_event BEFORE INSERT ON decisions_event
  FOR EACH ROW EXECUTE FUNCTION chain_event();
ALTER TABLE decisions_event ENABLE ALWAYS TRIGGER chain_event;
"""
NO_CHAIN = """
DROP TRIGGER chain_event ON decisions_event;
DROP FUNCTION chain_event();
DROP FUNCTION with_length(text);
DROP TABLE event_gate;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_papers")]

    operations = [
        migrations.RunSQL(NEXT_VERSION, NO_NEXT_VERSION),
        migrations.RunSQL(FROZEN_PARTS, NO_FROZEN_PARTS),
        migrations.RunSQL(INSERT_ONLY, NO_INSERT_ONLY),
        migrations.RunSQL(DIGEST, NO_DIGEST),
        migrations.RunSQL(CHAIN, NO_CHAIN),
    ]
