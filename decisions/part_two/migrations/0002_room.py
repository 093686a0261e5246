"""Lock the room: a schema of its own, frozen text and clearances that never change."""

from __future__ import annotations

from django.db import migrations

TABLES = ("part_two", "part_two_exemption", "part_two_clearance", "part_two_frozen")
EVIDENCE = ("part_two_clearance", "part_two_frozen")

MOVE_IN = "CREATE SCHEMA conf;\n" + "".join(
    f"ALTER TABLE {table} SET SCHEMA conf;\n" for table in TABLES
)
MOVE_OUT = (
    "".join(f"ALTER TABLE conf.{table} SET SCHEMA public;\n" for table in TABLES)
    + "DROP SCHEMA conf;"
)
INSERT_ONLY = "".join(
    f"""
CREATE TRIGGER evidence_never_changes BEFORE UPDATE OR DELETE ON conf.{table}
  FOR EACH ROW EXECUTE FUNCTION evidence_never_changes();
CREATE TRIGGER evidence_never_emptied BEFORE TRUNCATE ON conf.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_never_changes();
ALTER TABLE conf.{table} ENABLE ALWAYS TRIGGER evidence_never_changes;
ALTER TABLE conf.{table} ENABLE ALWAYS TRIGGER evidence_never_emptied;
"""
    for table in EVIDENCE
)
NO_INSERT_ONLY = "".join(
    f"DROP TRIGGER evidence_never_changes ON conf.{table};\n"
    f"DROP TRIGGER evidence_never_emptied ON conf.{table};\n"
    for table in EVIDENCE
)
# Part 2 and its exemptions change only while the paper can be edited.
FROZEN = """
CREATE FUNCTION conf.part_two_of_an_editable_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_paper bigint;
BEGIN
  IF TG_TABLE_NAME = 'part_two' THEN
    found_paper := NEW.paper_id;
  ELSE
    SELECT paper_id INTO found_paper FROM conf.part_two
      WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.part_two_id ELSE NEW.part_two_id END;
  END IF;
  PERFORM FROM public.decisions_paper
    WHERE id = found_paper AND state IN ('draft', 'consultation');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The paper is frozen in its present state.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER part_two_of_an_editable_paper BEFORE INSERT OR UPDATE ON conf.part_two
  FOR EACH ROW EXECUTE FUNCTION conf.part_two_of_an_editable_paper();
CREATE TRIGGER part_two_of_an_editable_paper BEFORE INSERT OR UPDATE OR DELETE
  ON conf.part_two_exemption
  FOR EACH ROW EXECUTE FUNCTION conf.part_two_of_an_editable_paper();
ALTER TABLE conf.part_two ENABLE ALWAYS TRIGGER part_two_of_an_editable_paper;
ALTER TABLE conf.part_two_exemption ENABLE ALWAYS TRIGGER part_two_of_an_editable_paper;
"""
NOT_FROZEN = """
DROP TRIGGER part_two_of_an_editable_paper ON conf.part_two;
DROP TRIGGER part_two_of_an_editable_paper ON conf.part_two_exemption;
DROP FUNCTION conf.part_two_of_an_editable_paper();
"""


class Migration(migrations.Migration):
    dependencies = [("part_two", "0001_part_two"), ("decisions", "0002_guards")]

    operations = [
        migrations.RunSQL(MOVE_IN, MOVE_OUT),
        migrations.RunSQL(INSERT_ONLY, NO_INSERT_ONLY),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
    ]
