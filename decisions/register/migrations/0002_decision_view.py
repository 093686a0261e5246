"""What the public reads: live editions, and those deferred ones that are due.

Only the handful of deferred editions stands behind a security barrier. A barrier before all rows
would make every search read the whole table; none at all would let an error message, provoked
from outside, tell of a title that is not due.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

# A placing replaces what still waits for the same decision: a moment set anew, or a correction made
# before anyone could read the text it corrects.
EMBARGO_DUE = """
CREATE VIEW register.embargo_due WITH (security_barrier) AS
SELECT e.* FROM register.register_embargo e
WHERE e.not_before <= now()
  AND NOT EXISTS (
    SELECT FROM register.register_embargo newer
    WHERE newer.slug = e.slug
      AND newer.placed_at > e.placed_at AND newer.placed_at < e.not_before)
  AND NOT EXISTS (
    SELECT FROM register.register_live newer
    WHERE newer.slug = e.slug
      AND newer.placed_at > e.placed_at AND newer.placed_at < e.not_before);
"""

# Worked out once for a query from the few corrected decisions, not once for each row.
SUPERSEDED = """
CREATE VIEW register.superseded AS
SELECT latest.slug, earlier.edition
FROM (
  SELECT due.slug, max(due.edition) AS edition
  FROM (
    SELECT slug::text, edition FROM register.register_live WHERE edition > 1
    UNION ALL
    SELECT slug::text, edition FROM register.embargo_due WHERE edition > 1
  ) AS due
  GROUP BY due.slug
) AS latest
CROSS JOIN LATERAL generate_series(1, latest.edition - 1) AS earlier (edition);
"""

DECISION = """
CREATE VIEW pub.decision AS
SELECT reference, slug, edition,
       (slug::text, edition) NOT IN (SELECT s.slug, s.edition FROM register.superseded s) AS current,
       title, office, decision_maker, date_signed,
       first_published_at AS published_at, published_at AS edition_published_at,
       outcome, summary, capital, revenue, income, sample, content, digest, pdf_digest, pdf_size,
       search
FROM register.register_live
UNION ALL
SELECT reference, slug, edition,
       (slug::text, edition) NOT IN (SELECT s.slug, s.edition FROM register.superseded s) AS current,
       title, office, decision_maker, date_signed,
       first_published_at AS published_at, not_before AS edition_published_at,
       outcome, summary, capital, revenue, income, sample, content, digest, pdf_digest, pdf_size,
       search
FROM register.embargo_due;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0001_shelves")]

    operations: ClassVar = [
        migrations.RunSQL(EMBARGO_DUE, "DROP VIEW register.embargo_due;"),
        migrations.RunSQL(SUPERSEDED, "DROP VIEW register.superseded;"),
        migrations.RunSQL(DECISION, "DROP VIEW pub.decision;"),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("reference", models.CharField(max_length=60)),
                ("slug", models.CharField(max_length=60)),
                ("edition", models.PositiveIntegerField()),
                ("current", models.BooleanField()),
                ("title", models.TextField()),
                ("office", models.TextField()),
                ("decision_maker", models.TextField()),
                ("date_signed", models.DateField()),
                ("published_at", models.DateTimeField()),
                ("edition_published_at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=30)),
                ("summary", models.TextField()),
                ("capital", models.DecimalField(decimal_places=2, max_digits=16)),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=16)),
                ("income", models.DecimalField(decimal_places=2, max_digits=16)),
                ("sample", models.BooleanField()),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("pdf_digest", models.CharField(max_length=64)),
                ("pdf_size", models.PositiveIntegerField()),
                ("search", SearchVectorField()),
            ],
            options={
                "db_table": "decision",
                "ordering": ["-published_at", "slug"],
                "managed": False,
            },
        ),
    ]
