"""Files beside a paper, and the word of the second person who let one be published."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# A file is part of the paper: it comes and goes while the paper can be edited, and never changes.
FILE_GUARDS = """
CREATE TRIGGER part_of_an_editable_paper BEFORE INSERT OR UPDATE OR DELETE
  ON decisions_supportingfile FOR EACH ROW EXECUTE FUNCTION part_of_an_editable_paper();
CREATE TRIGGER file_never_changes BEFORE UPDATE ON decisions_supportingfile
  FOR EACH ROW EXECUTE FUNCTION evidence_never_changes();
CREATE TRIGGER file_never_emptied BEFORE TRUNCATE ON decisions_supportingfile
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_never_changes();
ALTER TABLE decisions_supportingfile ENABLE ALWAYS TRIGGER part_of_an_editable_paper;
ALTER TABLE decisions_supportingfile ENABLE ALWAYS TRIGGER file_never_changes;
ALTER TABLE decisions_supportingfile ENABLE ALWAYS TRIGGER file_never_emptied;
"""
NO_FILE_GUARDS = """
DROP TRIGGER file_never_emptied ON decisions_supportingfile;
DROP TRIGGER file_never_changes ON decisions_supportingfile;
DROP TRIGGER part_of_an_editable_paper ON decisions_supportingfile;
"""

# The second person is neither who uploaded the file nor the officer, whatever a program says.
APPROVAL_GUARDS = """
CREATE FUNCTION approved_by_a_second_person() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM decisions_supportingfile f JOIN decisions_paper p ON p.id = f.paper_id
    WHERE f.paper_id = NEW.paper_id AND f.public_digest = NEW.digest
      AND f.added_by_id <> NEW.approved_by_id AND p.officer_id <> NEW.approved_by_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'A file is approved by a second person, and only one that is on the paper.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.approved_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER approved_by_a_second_person BEFORE INSERT ON decisions_fileapproval
  FOR EACH ROW EXECUTE FUNCTION approved_by_a_second_person();
CREATE TRIGGER evidence_never_changes BEFORE UPDATE OR DELETE ON decisions_fileapproval
  FOR EACH ROW EXECUTE FUNCTION evidence_never_changes();
CREATE TRIGGER evidence_never_emptied BEFORE TRUNCATE ON decisions_fileapproval
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_never_changes();
ALTER TABLE decisions_fileapproval ENABLE ALWAYS TRIGGER approved_by_a_second_person;
ALTER TABLE decisions_fileapproval ENABLE ALWAYS TRIGGER evidence_never_changes;
ALTER TABLE decisions_fileapproval ENABLE ALWAYS TRIGGER evidence_never_emptied;
"""
NO_APPROVAL_GUARDS = """
DROP TRIGGER evidence_never_emptied ON decisions_fileapproval;
DROP TRIGGER evidence_never_changes ON decisions_fileapproval;
DROP TRIGGER approved_by_a_second_person ON decisions_fileapproval;
DROP FUNCTION approved_by_a_second_person();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "approved_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="decisions.paper",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("paper", "digest", "approved_by"), name="file_approved_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportingFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("public_size", models.PositiveIntegerField()),
                ("public_digest", models.CharField(max_length=64)),
                ("words", models.TextField(blank=True)),
                ("unread_pages", models.PositiveIntegerField(default=0)),
                ("taken_out", models.TextField(default="[]")),
                (
                    "added_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="decisions.paper",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "digest"), name="supporting_file_once")
                ],
            },
        ),
        migrations.RunSQL(FILE_GUARDS, NO_FILE_GUARDS),
        migrations.RunSQL(APPROVAL_GUARDS, NO_APPROVAL_GUARDS),
    ]
