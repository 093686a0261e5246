"""The witness compares how often, and in which order, the register was told of a decision.

What waits is replaced by what was placed after it. So a row added beside it, or another order of
the same rows, has the public read a text before its day, with every row as its event says.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

_earlier = import_module("decisions.chain.migrations.0006_more_evidence")
PLACINGS = """
UNION ALL
SELECT 'placing', p.id, r.edition, said.digest, said.digest
FROM (SELECT slug, edition, placed_at, published_at AS moment FROM register.register_live
      UNION ALL
      SELECT slug, edition, placed_at, not_before FROM register.register_embargo) AS r
LEFT JOIN decisions_paper p ON p.slug = r.slug
CROSS JOIN LATERAL (SELECT {placed} || ' ' || {moment} AS digest) AS said
"""
for _name, _column in (("{placed}", "r.placed_at"), ("{moment}", "r.moment")):
    PLACINGS = PLACINGS.replace(_name, _earlier.MOMENT.replace("{}", _column))
EVIDENCE = _earlier.EVIDENCE.rstrip().removesuffix(";") + PLACINGS + ";"


class Migration(migrations.Migration):
    dependencies = [("chain", "0006_more_evidence")]

    operations = [migrations.RunSQL(EVIDENCE, _earlier.EVIDENCE)]
