"""Part 2 stays with its paper, waits for who submits it, and is committed to as it is kept."""

from __future__ import annotations

from django.db import migrations

# As the parts' guard does: the paper is held while its state is asked, and nothing is moved away.
FROZEN = """
CREATE OR REPLACE FUNCTION conf.part_two_of_an_editable_paper() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  part record;
  found_paper bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
  IF TG_TABLE_NAME = 'part_two' THEN
    found_paper := part.paper_id;
  ELSE
    SELECT paper_id INTO found_paper FROM conf.part_two WHERE id = part.part_two_id;
  END IF;
  PERFORM FROM decisions_paper
    WHERE id = found_paper AND state IN ('draft', 'consultation') FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The paper is frozen in its present state.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN part;
END $$;
CREATE OR REPLACE TRIGGER part_two_of_an_editable_paper
  BEFORE INSERT OR UPDATE OR DELETE ON conf.part_two
  FOR EACH ROW EXECUTE FUNCTION conf.part_two_of_an_editable_paper();
CREATE TRIGGER part_stays_with_its_paper BEFORE UPDATE ON conf.part_two
  FOR EACH ROW EXECUTE FUNCTION part_stays_with_its_paper('paper_id');
CREATE TRIGGER part_stays_with_its_paper BEFORE UPDATE ON conf.part_two_exemption
  FOR EACH ROW EXECUTE FUNCTION part_stays_with_its_paper('part_two_id');
ALTER TABLE conf.part_two ENABLE ALWAYS TRIGGER part_two_of_an_editable_paper;
ALTER TABLE conf.part_two ENABLE ALWAYS TRIGGER part_stays_with_its_paper;
ALTER TABLE conf.part_two_exemption ENABLE ALWAYS TRIGGER part_stays_with_its_paper;
"""
NOT_FROZEN = """
DROP TRIGGER part_stays_with_its_paper ON conf.part_two_exemption;
DROP TRIGGER part_stays_with_its_paper ON conf.part_two;
CREATE OR REPLACE FUNCTION conf.part_two_of_an_editable_paper() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_paper bigint;
BEGIN
  IF TG_TABLE_NAME = 'part_two' THEN
    found_paper := NEW.paper_id;
  ELSE
    SELECT paper_id INTO found_paper FROM conf.part_two
      WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.part_two_id ELSE NEW.part_two_id END;
  END IF;
  PERFORM FROM decisions_paper WHERE id = found_paper AND state IN ('draft', 'consultation');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The paper is frozen in its present state.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER part_two_of_an_editable_paper
  BEFORE INSERT OR UPDATE ON conf.part_two
  FOR EACH ROW EXECUTE FUNCTION conf.part_two_of_an_editable_paper();
ALTER TABLE conf.part_two ENABLE ALWAYS TRIGGER part_two_of_an_editable_paper;
"""

# Whoever writes Part 2 contributes to its paper, by a save of it. An exemption names its Part 2.
SAVED = """
CREATE FUNCTION conf.paper_of(exemption conf.part_two_exemption) RETURNS bigint LANGUAGE sql STABLE
  SET search_path = public, pg_temp AS $$
  SELECT paper_id FROM conf.part_two WHERE id = exemption.part_two_id
$$;
CREATE FUNCTION conf.who_changes_contributes() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM contributes(conf.paper_of(OLD));
  ELSIF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
    PERFORM contributes(conf.paper_of(NEW));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION conf.part_is_saved_with_its_paper() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM paper_is_saved_with_it(conf.paper_of(OLD));
  ELSE
    PERFORM paper_is_saved_with_it(conf.paper_of(NEW));
  END IF;
  RETURN NULL;
END $$;
"""
NO_SAVED = """
DROP FUNCTION conf.part_is_saved_with_its_paper();
DROP FUNCTION conf.who_changes_contributes();
DROP FUNCTION conf.paper_of(conf.part_two_exemption);
"""
TABLES = {"part_two": "public", "part_two_file": "public", "part_two_exemption": "conf"}
TRIGGERS = "".join(
    f"""
CREATE TRIGGER who_changes_contributes AFTER INSERT OR UPDATE OR DELETE ON conf.{table}
  FOR EACH ROW EXECUTE FUNCTION {schema}.who_changes_contributes();
CREATE CONSTRAINT TRIGGER part_is_saved_with_its_paper
  AFTER INSERT OR UPDATE OR DELETE ON conf.{table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION {schema}.part_is_saved_with_its_paper();
ALTER TABLE conf.{table} ENABLE ALWAYS TRIGGER who_changes_contributes;
ALTER TABLE conf.{table} ENABLE ALWAYS TRIGGER part_is_saved_with_its_paper;
"""
    for table, schema in TABLES.items()
)
NO_TRIGGERS = "".join(
    f"DROP TRIGGER who_changes_contributes ON conf.{table};\n"
    f"DROP TRIGGER part_is_saved_with_its_paper ON conf.{table};\n"
    for table in TABLES
)

# What is kept is what the version commits to (decisions.part_two.room.commitment), and a version
# that commits to something has it kept when its transaction ends.
COMMITTED = """
ALTER TABLE conf.part_two_frozen
  ADD CONSTRAINT part_two_is_committed_to CHECK (
    commitment = encode(sha256(salt || convert_to(content, 'UTF8')), 'hex')),
  ADD CONSTRAINT part_two_is_salted CHECK (octet_length(salt) = 32);
CREATE FUNCTION conf.kept_as_its_version_says() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM decisions_version
    WHERE id = NEW.version_id AND part_two_commitment = NEW.commitment;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Part 2 is kept as its version commits to it.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept_as_its_version_says BEFORE INSERT ON conf.part_two_frozen
  FOR EACH ROW EXECUTE FUNCTION conf.kept_as_its_version_says();
ALTER TABLE conf.part_two_frozen ENABLE ALWAYS TRIGGER kept_as_its_version_says;
CREATE FUNCTION conf.version_keeps_its_part_two() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.part_two_commitment <> ''
     AND NOT EXISTS (SELECT FROM conf.part_two_frozen WHERE version_id = NEW.id) THEN
    RAISE EXCEPTION 'A version keeps the Part 2 that it commits to.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER version_keeps_its_part_two AFTER INSERT ON decisions_version
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION conf.version_keeps_its_part_two();
ALTER TABLE decisions_version ENABLE ALWAYS TRIGGER version_keeps_its_part_two;
"""
NOT_COMMITTED = """
DROP TRIGGER version_keeps_its_part_two ON decisions_version;
DROP FUNCTION conf.version_keeps_its_part_two();
DROP TRIGGER kept_as_its_version_says ON conf.part_two_frozen;
DROP FUNCTION conf.kept_as_its_version_says();
ALTER TABLE conf.part_two_frozen
  DROP CONSTRAINT part_two_is_salted, DROP CONSTRAINT part_two_is_committed_to;
"""


class Migration(migrations.Migration):
    dependencies = [("part_two", "0003_files"), ("decisions", "0004_frozen_papers")]

    operations = [
        migrations.RunSQL(FROZEN, NOT_FROZEN),
        migrations.RunSQL(SAVED, NO_SAVED),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(COMMITTED, NOT_COMMITTED),
    ]
