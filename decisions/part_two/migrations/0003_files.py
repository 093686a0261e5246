"""Confidential files beside Part 2, in the room with it."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

MOVE_IN = "ALTER TABLE part_two_file SET SCHEMA conf;"
MOVE_OUT = "ALTER TABLE conf.part_two_file SET SCHEMA public;"
# A file comes and goes while the paper can be edited, and never changes.
GUARDS = """
CREATE TRIGGER part_of_an_editable_paper BEFORE INSERT OR UPDATE OR DELETE ON conf.part_two_file
  FOR EACH ROW EXECUTE FUNCTION public.part_of_an_editable_paper();
CREATE TRIGGER file_never_changes BEFORE UPDATE ON conf.part_two_file
  FOR EACH ROW EXECUTE FUNCTION public.evidence_never_changes();
CREATE TRIGGER file_never_emptied BEFORE TRUNCATE ON conf.part_two_file
  FOR EACH STATEMENT EXECUTE FUNCTION public.evidence_never_changes();
ALTER TABLE conf.part_two_file ENABLE ALWAYS TRIGGER part_of_an_editable_paper;
ALTER TABLE conf.part_two_file ENABLE ALWAYS TRIGGER file_never_changes;
ALTER TABLE conf.part_two_file ENABLE ALWAYS TRIGGER file_never_emptied;
"""
NO_GUARDS = """
DROP TRIGGER file_never_emptied ON conf.part_two_file;
DROP TRIGGER file_never_changes ON conf.part_two_file;
DROP TRIGGER part_of_an_editable_paper ON conf.part_two_file;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0003_supporting_files"),
        ("part_two", "0002_room"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartTwoFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=4)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
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
                        related_name="+",
                        to="decisions.paper",
                    ),
                ),
            ],
            options={
                "db_table": "part_two_file",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "digest"), name="part_two_file_once")
                ],
            },
        ),
        migrations.RunSQL(MOVE_IN, MOVE_OUT),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
