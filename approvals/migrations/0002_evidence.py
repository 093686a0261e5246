"""What people did is evidence: rows are added and never changed; digests are true."""

from __future__ import annotations

from django.db import migrations

EVIDENCE = (
    "approvals_consultation",
    "approvals_advice",
    "approvals_reason",
    "approvals_signature",
    "approvals_outcome",
    "approvals_edition",
    "approvals_sealeddocument",
    "approvals_publication",
)
INSERT_ONLY = "".join(
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
NO_INSERT_ONLY = "".join(
    f"DROP TRIGGER evidence_never_changes ON {table};\n"
    f"DROP TRIGGER evidence_never_emptied ON {table};\n"
    for table in EVIDENCE
)
# A signature names the digest of the version it signs, and that version is of the same paper.
SIGNATURE = """
CREATE FUNCTION signature_signs_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM decisions_version v JOIN decisions_paper p ON p.id = v.paper_id
    WHERE v.id = NEW.version_id AND v.paper_id = NEW.paper_id AND v.digest = NEW.digest
      AND v.part_two_commitment = NEW.part_two_commitment
      AND v.round = NEW.round AND p.round = NEW.round;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'A signature must name the digest of a version of this round.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signature_signs_its_version BEFORE INSERT ON approvals_signature
  FOR EACH ROW EXECUTE FUNCTION signature_signs_its_version();
ALTER TABLE approvals_signature ENABLE ALWAYS TRIGGER signature_signs_its_version;
"""
NO_SIGNATURE = """
DROP TRIGGER signature_signs_its_version ON approvals_signature;
DROP FUNCTION signature_signs_its_version();
"""
EDITION = """
CREATE TRIGGER edition_digest_is_true BEFORE INSERT ON approvals_edition
  FOR EACH ROW EXECUTE FUNCTION version_digest_is_true();
ALTER TABLE approvals_edition ENABLE ALWAYS TRIGGER edition_digest_is_true;
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_approvals"), ("part_two", "0002_room")]

    operations = [
        migrations.RunSQL(INSERT_ONLY, NO_INSERT_ONLY),
        migrations.RunSQL(SIGNATURE, NO_SIGNATURE),
        migrations.RunSQL(EDITION, "DROP TRIGGER edition_digest_is_true ON approvals_edition;"),
    ]
