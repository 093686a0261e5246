"""What the public reads of the log: every commitment, and what is behind those that are due."""

from __future__ import annotations

from django.db import migrations

# A leaf is opened once an edition of its decision at least as late is public: one that was placed
# and replaced while it waited never becomes public itself. What is not due is put out by CASE in
# the column itself, so no question, however it is put, is asked of the salt or text behind it.
VIEWS = """
CREATE VIEW pub.log_entry AS
SELECT number, commitment,
       CASE WHEN due THEN slug::text END AS slug,
       CASE WHEN due THEN salt::text END AS salt,
       CASE WHEN due THEN text END AS text
FROM (
  SELECT l.*, coalesce(public.edition >= l.edition, false) AS due
  FROM chain_leaf l
  LEFT JOIN (SELECT slug::text AS slug, max(edition) AS edition FROM pub.decision GROUP BY 1)
    AS public ON public.slug = l.slug::text
) AS leaf;
CREATE VIEW pub.checkpoint AS SELECT size, seq, note FROM chain_checkpoint;
"""
NO_VIEWS = "DROP VIEW pub.log_entry; DROP VIEW pub.checkpoint;"


class Migration(migrations.Migration):
    dependencies = [("chain", "0001_public_log")]

    operations = [migrations.RunSQL(VIEWS, NO_VIEWS)]
