"""What the worker tells of a document has one text, so that it cannot be told twice.

Compared as JSON, another space or a key written twice made another text of the same: a worker that
was taken over could have added to the chain without end, and words of its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from django.db import migrations

BEFORE: Final = (
    import_module("decisions.chain.migrations.0006_more_evidence")
    .OWN_EVENTS.partition("CREATE TRIGGER")[0]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)
AS_JSON: Final = "NEW.facts::jsonb = jsonb_build_object('edition', e.number, 'document', d.digest)"
# As decisions.history.record writes it.
AS_TEXT: Final = 'NEW.facts = format(\'{"document":"%s","edition":%s}\', d.digest, e.number)'
if BEFORE.count(AS_JSON) != 1:
    raise RuntimeError("The guard of the worker's events does not say once what is changed here.")


class Migration(migrations.Migration):
    dependencies = [("chain", "0007_order_of_placings")]

    operations = [migrations.RunSQL(BEFORE.replace(AS_JSON, AS_TEXT), BEFORE)]
