"""What a row of the register shows beside its text is what the text says, every column of it."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar, Final

from django.db import migrations

# One row of columns for a text, as decisions.register.shelf and the record work them out. The white
# space is what Python takes for such; the sanitiser of the prose writes no other entities than these.
SHOWN: Final = r"""
SELECT
  {content} #>> '{decision,office}' AS office,
  {content} #>> '{decision,name}' AS decision_maker,
  (({content} #>> '{decision,signed_at}')::timestamptz AT TIME ZONE 'Europe/London')::date
    AS date_signed,
  CASE
    WHEN asked.open THEN ''
    WHEN asked.kinds = 1 THEN asked.outcome
    WHEN asked.nothing THEN 'not_approved'
    ELSE 'approved_with_changes'
  END AS outcome,
  funded.capital, funded.revenue, funded.income,
  CASE WHEN length(plain.words) <= 1000 THEN plain.words
       ELSE rtrim(regexp_replace(left(plain.words, 1000), ' [^ ]*$', ''), ',;:.') || '…'
  END AS summary
FROM (
  SELECT count(DISTINCT r ->> 'outcome') AS kinds, min(r ->> 'outcome') AS outcome,
         bool_and(r ->> 'outcome' IN ('not_approved', 'deferred')) AS nothing,
         coalesce(bool_or(r ->> 'outcome' = ''), true) AS open
  FROM jsonb_array_elements({content} -> 'recommendations') AS r
) AS asked
CROSS JOIN (
  SELECT coalesce(sum((f ->> 'amount')::numeric) FILTER (WHERE f ->> 'kind' = 'capital'), 0) AS capital,
         coalesce(sum((f ->> 'amount')::numeric) FILTER (WHERE f ->> 'kind' = 'revenue'), 0) AS revenue,
         coalesce(sum((f ->> 'amount')::numeric) FILTER (WHERE f ->> 'kind' = 'income'), 0) AS income
  FROM jsonb_array_elements({content} -> 'funding') AS f
) AS funded
CROSS JOIN (
  SELECT btrim(regexp_replace(
    replace(replace(replace(replace(replace(replace(
      coalesce(regexp_replace(string_agg(b.block ->> 'html', ' ' ORDER BY b.place), '<[^>]*>', ' ', 'g'), ''),
      '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&'),
    '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+',
    ' ', 'g'), ' ') AS words
  FROM jsonb_array_elements({content} -> 'executive_summary') WITH ORDINALITY AS b (block, place)
) AS plain
"""

# What can be compared exactly is compared. The summary is an excerpt, and PostgreSQL makes it itself.
COLUMNS: Final = """
CREATE OR REPLACE FUNCTION register.check_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  content jsonb;
  shown record;
BEGIN
  IF NEW.digest <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
    RAISE check_violation USING MESSAGE = 'The digest is not that of the text placed in the register.';
  END IF;
  content := NEW.content::jsonb;
  IF (NEW.reference, NEW.slug, NEW.edition::text, NEW.title, NEW.sample::text) IS DISTINCT FROM
     (content ->> 'reference', content ->> 'slug', content ->> 'edition', content ->> 'title',
      content ->> 'sample')
  THEN
    RAISE check_violation USING
      MESSAGE = 'Reference, edition, title or sample mark differ from the text placed in the register.';
  END IF;
  SELECT * INTO shown FROM ({shown}) AS said;
  IF (NEW.office, NEW.decision_maker, NEW.date_signed, NEW.outcome,
      NEW.capital, NEW.revenue, NEW.income) IS DISTINCT FROM
     (shown.office, shown.decision_maker, shown.date_signed, shown.outcome,
      shown.capital, shown.revenue, shown.income)
     OR shown.outcome = ''
  THEN
    RAISE check_violation USING
      MESSAGE = 'Office, signatory, date, outcome or money differ from the text placed in the register.';
  END IF;
  NEW.summary := shown.summary;
  NEW.search := register.search_words(content);
  RETURN NEW;
END
$body$;
""".replace("{shown}", SHOWN.replace("{content}", "content"))
_before = import_module("decisions.register.migrations.0003_guards").CHECKS
COLUMNS_BEFORE: Final = _before.partition("CREATE FUNCTION register.check_order()")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0004_due_decisions_move")]

    operations: ClassVar = [migrations.RunSQL(COLUMNS, COLUMNS_BEFORE)]
