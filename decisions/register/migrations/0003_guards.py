"""What PostgreSQL itself refuses: a row that differs from its own text, and any change of a row.

The triggers fire ALWAYS, so that no session setting silences them.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import migrations

SHELVES: Final = ("register_live", "register_embargo")

WORDS: Final = """
CREATE FUNCTION register.search_words(content jsonb) RETURNS tsvector
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $body$
  WITH part (weight, path) AS (VALUES
    ('A', '$.title'::jsonpath),
    ('B', '$.executive_summary[*].html'),
    ('C', '$.recommendations[*].text'),
    ('C', '$.recommendations[*].outcome_words'),
    ('C', '$.sections[*].heading'),
    ('D', '$.funding[*].label'),
    ('D', '$.sections[*].blocks[*].html'),
    ('D', '$.background_papers[*].title'),
    ('D', '$.corrections[*].note'),
    ('D', '$.decision.name')
  ), said (weight, words) AS (
    -- A tsvector holds at most a megabyte. The parser passes over tags and character entities.
    SELECT weight, left(string_agg(found #>> '{}', ' '), CASE weight WHEN 'D' THEN 150000 ELSE 30000 END)
    FROM part, jsonb_path_query(content, path) AS found
    GROUP BY weight
  ), cited (words) AS (
    SELECT content ->> 'reference' || ' ' || (content ->> 'slug')
           || ' ' || replace(content ->> 'slug', '-', '')
  )
  SELECT setweight(to_tsvector('simple', (SELECT words FROM cited)), 'A')
      || coalesce((SELECT setweight(to_tsvector('english', words), 'A') FROM said WHERE weight = 'A'), '')
      || coalesce((SELECT setweight(to_tsvector('english', words), 'B') FROM said WHERE weight = 'B'), '')
      || coalesce((SELECT setweight(to_tsvector('english', words), 'C') FROM said WHERE weight = 'C'), '')
      || coalesce((SELECT setweight(to_tsvector('english', words), 'D') FROM said WHERE weight = 'D'), '')
$body$;
"""

CHECKS: Final = """
CREATE FUNCTION register.check_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  content jsonb;
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
  NEW.search := register.search_words(content);
  RETURN NEW;
END
$body$;

CREATE FUNCTION register.check_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  moment timestamptz;
  waits_until timestamptz;
BEGIN
  LOCK TABLE register.register_gate IN EXCLUSIVE MODE;
  moment := clock_timestamp();
  SELECT e.not_before INTO waits_until FROM register.register_embargo e
    WHERE e.slug = NEW.slug AND e.edition = NEW.edition
    ORDER BY e.placed_at DESC LIMIT 1;

  IF waits_until <= moment OR EXISTS (
    SELECT FROM register.register_live l WHERE l.slug = NEW.slug AND l.edition = NEW.edition)
  THEN
    RAISE unique_violation USING
      MESSAGE = 'This edition is public already. What is published is never placed again.';
  END IF;
  IF EXISTS (SELECT FROM register.register_live l
             WHERE l.slug = NEW.slug AND l.edition > NEW.edition)
     OR EXISTS (SELECT FROM register.register_embargo e
                WHERE e.slug = NEW.slug AND e.edition > NEW.edition)
  THEN
    RAISE check_violation USING
      MESSAGE = 'A later edition is in the register already, so this one cannot follow it.';
  END IF;

  NEW.placed_at := moment;
  IF TG_TABLE_NAME = 'register_live' THEN
    IF waits_until IS NOT NULL THEN
      RAISE check_violation USING
        MESSAGE = 'This edition has a deferral. A fresh decision about it belongs beside the first.';
    END IF;
    -- Never later than now: the clock of the staff process may be ahead of this one.
    NEW.published_at := least(NEW.published_at, moment);
    NEW.first_published_at := NEW.published_at;
  ELSE
    NEW.first_published_at := NEW.not_before;
  END IF;
  SELECT coalesce(min(earlier.first_published_at), NEW.first_published_at)
  INTO NEW.first_published_at
  FROM (SELECT l.first_published_at FROM register.register_live l WHERE l.slug = NEW.slug
        UNION ALL
        SELECT e.first_published_at FROM register.embargo_due e WHERE e.slug = NEW.slug) AS earlier;
  RETURN NEW;
END
$body$;

"""
NO_CHANGE: Final = """
CREATE FUNCTION register.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  RAISE restrict_violation USING
    MESSAGE = 'What is in the register is never changed or removed. Publish a new edition instead.';
END
$body$;
"""
# Triggers of one moment fire in the order of their names.
TRIGGERS: Final = "".join(
    f"""
CREATE TRIGGER check_1_text BEFORE INSERT ON register.{shelf}
  FOR EACH ROW EXECUTE FUNCTION register.check_text();
CREATE TRIGGER check_2_order BEFORE INSERT ON register.{shelf}
  FOR EACH ROW EXECUTE FUNCTION register.check_order();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON register.{shelf}
  FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON register.{shelf}
  FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
ALTER TABLE register.{shelf} ENABLE ALWAYS TRIGGER check_1_text;
ALTER TABLE register.{shelf} ENABLE ALWAYS TRIGGER check_2_order;
ALTER TABLE register.{shelf} ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE register.{shelf} ENABLE ALWAYS TRIGGER refuse_truncate;
"""
    for shelf in SHELVES
)
NO_TRIGGERS: Final = "".join(
    f"""
DROP TRIGGER refuse_truncate ON register.{shelf};
DROP TRIGGER refuse_change ON register.{shelf};
DROP TRIGGER check_2_order ON register.{shelf};
DROP TRIGGER check_1_text ON register.{shelf};
"""
    for shelf in SHELVES
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0002_decision_view")]

    operations: ClassVar = [
        migrations.RunSQL(WORDS, "DROP FUNCTION register.search_words(jsonb);"),
        migrations.RunSQL(
            CHECKS,
            "DROP FUNCTION register.check_order(); DROP FUNCTION register.check_text();",
        ),
        migrations.RunSQL(NO_CHANGE, "DROP FUNCTION register.refuse_change();"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
