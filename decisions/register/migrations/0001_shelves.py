"""The register's two shelves, in a schema of their own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

# The gate holds no rows: a placing locks it, so that its checks see every row placed before. It is
# a table of the owner's, not an advisory lock, which the public process could hold for ever.
ROOMS = """
CREATE SCHEMA IF NOT EXISTS register;
CREATE SCHEMA IF NOT EXISTS pub;
CREATE TABLE register.register_gate ();
"""
NO_ROOMS = """
DROP SCHEMA pub;
DROP TABLE register.register_gate;
DROP SCHEMA register;
"""
MOVE = "ALTER TABLE public.{0} SET SCHEMA register;"
MOVE_BACK = "ALTER TABLE register.{0} SET SCHEMA public;"


def placed() -> list[tuple[str, models.Field[Any, Any]]]:
    """The columns that both shelves share."""
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("reference", models.CharField(max_length=60)),
        ("slug", models.CharField(max_length=60)),
        ("edition", models.PositiveIntegerField()),
        ("title", models.TextField()),
        ("office", models.TextField()),
        ("decision_maker", models.TextField()),
        ("date_signed", models.DateField()),
        ("outcome", models.CharField(max_length=30)),
        ("summary", models.TextField()),
        ("capital", models.DecimalField(decimal_places=2, max_digits=16)),
        ("revenue", models.DecimalField(decimal_places=2, max_digits=16)),
        ("income", models.DecimalField(decimal_places=2, max_digits=16)),
        ("sample", models.BooleanField()),
        ("content", models.TextField()),
        ("digest", models.CharField(max_length=64)),
        ("pdf_digest", models.CharField(max_length=64)),
        ("pdf_size", models.PositiveIntegerField()),
        ("placed_at", models.DateTimeField(db_default=TransactionNow())),
        ("first_published_at", models.DateTimeField(db_default=TransactionNow())),
        ("search", SearchVectorField(db_default=models.Value(""))),
    ]


class Migration(migrations.Migration):
    initial = True

    operations: ClassVar = [
        migrations.RunSQL(ROOMS, NO_ROOMS),
        migrations.CreateModel(
            name="Live",
            fields=[
                *placed(),
                ("published_at", models.DateTimeField(db_default=TransactionNow())),
            ],
            options={
                "db_table": "register_live",
                "indexes": [
                    GinIndex(fields=["search"], name="register_live_search"),
                    models.Index(
                        fields=["-first_published_at", "slug"], name="register_live_newest"
                    ),
                    models.Index(
                        condition=models.Q(("edition__gt", 1)),
                        fields=["slug", "edition"],
                        name="register_live_later",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "edition"), name="register_live_one_edition"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Embargo",
            fields=[*placed(), ("not_before", models.DateTimeField())],
            options={
                "db_table": "register_embargo",
                "indexes": [
                    models.Index(fields=["slug", "edition"], name="register_embargo_newest")
                ],
            },
        ),
        migrations.RunSQL(MOVE.format("register_live"), MOVE_BACK.format("register_live")),
        migrations.RunSQL(MOVE.format("register_embargo"), MOVE_BACK.format("register_embargo")),
    ]
