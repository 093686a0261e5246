"""What the public asks of the log without reading all of it: the opened leaves of a decision or page."""

from __future__ import annotations

from django.db import migrations

# They open the same leaves as pub.log_entry, whose columns of what is opened take a join with every
# decision: here each leaf asks for its own, by an index. As functions they show no plan, so nobody
# sees by how many rows were passed over whether a decision that is not due has leaves.
OPENED = """
CREATE FUNCTION pub.opened_leaves({asked})
RETURNS TABLE (number bigint, salt text, text text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT l.number, l.salt::text, l.text FROM public.chain_leaf l
  WHERE {which}
    AND l.edition <= (SELECT max(d.edition) FROM pub.decision d WHERE d.slug = l.slug)
  ORDER BY l.number;
END $$;
REVOKE ALL ON FUNCTION pub.opened_leaves({asked}) FROM PUBLIC;
"""
WAYS = (
    ("decision text", "l.slug = decision"),
    ("first bigint, last bigint", "l.number BETWEEN first AND last"),
)


class Migration(migrations.Migration):
    dependencies = [("chain", "0004_documents_placed")]

    operations = [
        migrations.RunSQL(
            OPENED.replace("{asked}", asked).replace("{which}", which),
            f"DROP FUNCTION pub.opened_leaves({asked});",
        )
        for asked, which in WAYS
    ]
