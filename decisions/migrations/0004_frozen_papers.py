"""What a paper asks is frozen with its parts, and whoever changes any of it is written down.

Python did these before. Here they hold for every other way to the rows as well.
"""

from __future__ import annotations

from django.db import migrations

# The acts write state, round, number of the save, and two moments. Everything else a paper says is
# its text, changed only while it can be edited; or it is what the paper is, and never changes.
TEXT = """
CREATE FUNCTION paper_text_is_frozen() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  acts constant text[] := ARRAY['state', 'round', 'version', 'changed_at', 'state_since'];
BEGIN
  IF (NEW.id, NEW.series_id, NEW.number, NEW.reference, NEW.slug, NEW.office_id, NEW.officer_id,
      NEW.sample, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.series_id, OLD.number, OLD.reference, OLD.slug, OLD.office_id,
      OLD.officer_id, OLD.sample, OLD.created_at) THEN
    RAISE EXCEPTION 'A paper keeps its reference, its officer and the office that decides it.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.state NOT IN ('draft', 'consultation') OR NEW.state NOT IN ('draft', 'consultation'))
     AND to_jsonb(NEW) - acts <> to_jsonb(OLD) - acts THEN
    RAISE EXCEPTION 'The paper is frozen in its present state.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_text_is_frozen BEFORE UPDATE ON decisions_paper
  FOR EACH ROW EXECUTE FUNCTION paper_text_is_frozen();
ALTER TABLE decisions_paper ENABLE ALWAYS TRIGGER paper_text_is_frozen;
"""
NO_TEXT = """
DROP TRIGGER paper_text_is_frozen ON decisions_paper;
DROP FUNCTION paper_text_is_frozen();
"""

PARTS = (
    "decisions_recommendation",
    "decisions_fundingline",
    "decisions_section",
    "decisions_backgroundpaper",
    "decisions_supportingdocument",
    "decisions_declaration",
)
# A file never changes at all, so that it cannot leave either.
WITH_FILES = (*PARTS, "decisions_supportingfile")
# A part is frozen with the paper that it is of. Were it to leave for another that can be edited,
# nobody would have asked after the one that it left.
STAYS = """
CREATE FUNCTION part_stays_with_its_paper() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF to_jsonb(NEW) -> TG_ARGV[0] IS DISTINCT FROM to_jsonb(OLD) -> TG_ARGV[0] THEN
    RAISE EXCEPTION 'A part stays with its paper.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER part_stays_with_its_paper BEFORE UPDATE ON {table}
  FOR EACH ROW EXECUTE FUNCTION part_stays_with_its_paper('paper_id');
ALTER TABLE {table} ENABLE ALWAYS TRIGGER part_stays_with_its_paper;
"""
    for table in PARTS
)
NO_STAYS = (
    "".join(f"DROP TRIGGER part_stays_with_its_paper ON {table};\n" for table in PARTS)
    + "DROP FUNCTION part_stays_with_its_paper();"
)

# Whoever acts is a contributor by the change itself. Somebody whom accounts_user does not know sees
# no row that they could change; and the owner, who migrates, need not act for anybody.
CONTRIBUTORS = """
CREATE FUNCTION contributes(paper bigint) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO decisions_contributor (paper_id, person_id, since)
    SELECT paper, u.id, now() FROM accounts_user u
    WHERE u.id = nullif(current_setting('countersign.person', true), '')::bigint
      AND NOT EXISTS (SELECT FROM decisions_contributor c
                      WHERE c.paper_id = paper AND c.person_id = u.id)
  ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION who_changes_contributes() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  acts constant text[] := ARRAY['state', 'round', 'version', 'changed_at', 'state_since'];
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - acts = to_jsonb(OLD) - acts THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_NAME = 'decisions_paper' THEN
    PERFORM contributes(NEW.id);
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM contributes(OLD.paper_id);
  ELSE
    PERFORM contributes(NEW.paper_id);
  END IF;
  RETURN NULL;
END $$;
"""
NO_CONTRIBUTORS = """
DROP FUNCTION who_changes_contributes();
DROP FUNCTION contributes(bigint);
"""

# A part is changed by a save, and a save writes its paper. Asked when the transaction ends, so the
# order within it is free. The paper's row is then one of this very transaction: its xmin is not
# older than the transaction, and in progress, which another's row is not that anybody can see. A
# savepoint has a number of its own, above that of its transaction. Nothing that could be forged
# has to be kept for it.
SAVED = """
CREATE FUNCTION paper_is_saved_with_it(paper bigint) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here constant bigint := pg_current_xact_id()::text::bigint;
  later bigint;
BEGIN
  SELECT (p.xmin::text::bigint - here) & 4294967295 INTO later
    FROM decisions_paper p WHERE p.id = paper;
  IF later >= 2147483648
     OR pg_xact_status((here + later)::text::xid8) IS DISTINCT FROM 'in progress' THEN
    RAISE EXCEPTION 'A part is changed by a save of its paper, and the paper was not saved.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$;
CREATE FUNCTION part_is_saved_with_its_paper() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM paper_is_saved_with_it(OLD.paper_id);
  ELSE
    PERFORM paper_is_saved_with_it(NEW.paper_id);
  END IF;
  RETURN NULL;
END $$;
"""
NO_SAVED = """
DROP FUNCTION part_is_saved_with_its_paper();
DROP FUNCTION paper_is_saved_with_it(bigint);
"""

TRIGGERS = """
CREATE TRIGGER who_changes_contributes AFTER INSERT OR UPDATE ON decisions_paper
  FOR EACH ROW EXECUTE FUNCTION who_changes_contributes();
ALTER TABLE decisions_paper ENABLE ALWAYS TRIGGER who_changes_contributes;
""" + "".join(
    f"""
CREATE TRIGGER who_changes_contributes AFTER INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION who_changes_contributes();
CREATE CONSTRAINT TRIGGER part_is_saved_with_its_paper AFTER INSERT OR UPDATE OR DELETE ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION part_is_saved_with_its_paper();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER who_changes_contributes;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER part_is_saved_with_its_paper;
"""
    for table in WITH_FILES
)
NO_TRIGGERS = "DROP TRIGGER who_changes_contributes ON decisions_paper;\n" + "".join(
    f"DROP TRIGGER who_changes_contributes ON {table};\n"
    f"DROP TRIGGER part_is_saved_with_its_paper ON {table};\n"
    for table in WITH_FILES
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_people_and_offices"),
        ("decisions", "0003_supporting_files"),
    ]

    operations = [
        migrations.RunSQL(TEXT, NO_TEXT),
        migrations.RunSQL(STAYS, NO_STAYS),
        migrations.RunSQL(CONTRIBUTORS, NO_CONTRIBUTORS),
        migrations.RunSQL(SAVED, NO_SAVED),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
