"""What PostgreSQL itself refuses: a row that differs from its own text, and any change of a row.

The triggers fire ALWAYS, so that no session setting silences them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

WORDS = """
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
    SELECT weight, left(string_agg(found #>> '{}', ' '), 60000)
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

PLACED = """
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
  NEW.placed_at := now();
  NEW.search := register.search_words(content);
  RETURN NEW;
END
$body$;

CREATE FUNCTION register.check_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  public_from timestamptz;
  waiting_until timestamptz;
  is_live boolean;
BEGIN
  LOCK TABLE register.register_gate IN EXCLUSIVE MODE;
  SELECT e.not_before INTO waiting_until FROM register.register_embargo e
    WHERE e.slug = NEW.slug AND e.edition = NEW.edition ORDER BY e.id DESC LIMIT 1;
  SELECT EXISTS (SELECT FROM register.register_live l
                 WHERE l.slug = NEW.slug AND l.edition = NEW.edition) INTO is_live;

  IF is_live OR waiting_until <= clock_timestamp() THEN
    RAISE unique_violation USING
      MESSAGE = 'This edition is public already. What is published is never placed again.';
  END IF;
  IF TG_TABLE_NAME = 'register_live' THEN
    IF waiting_until IS NOT NULL THEN
      RAISE check_violation USING
        MESSAGE = 'This edition has a deferral. A fresh decision about it belongs beside the first.';
    END IF;
    IF NEW.published_at > now() THEN
      RAISE check_violation USING MESSAGE = 'A live edition cannot be published in the future.';
    END IF;
    public_from := NEW.published_at;
  ELSE
    public_from := NEW.not_before;
  END IF;

  NEW.first_published_at := public_from;
  IF NEW.edition > 1 THEN
    SELECT earlier.first_published_at INTO NEW.first_published_at
    FROM (SELECT l.first_published_at, 0 AS id FROM register.register_live l
          WHERE l.slug = NEW.slug AND l.edition = NEW.edition - 1
          UNION ALL
          SELECT e.first_published_at, e.id FROM register.register_embargo e
          WHERE e.slug = NEW.slug AND e.edition = NEW.edition - 1) AS earlier
    ORDER BY earlier.id DESC LIMIT 1;
    IF NOT FOUND THEN
      RAISE check_violation USING
        MESSAGE = 'The edition before this one is not in the register, so this one cannot follow it.';
    END IF;
  END IF;
  RETURN NEW;
END
$body$;

CREATE TRIGGER check_text BEFORE INSERT ON register.register_live
  FOR EACH ROW EXECUTE FUNCTION register.check_text();
CREATE TRIGGER check_text BEFORE INSERT ON register.register_embargo
  FOR EACH ROW EXECUTE FUNCTION register.check_text();
CREATE TRIGGER check_order BEFORE INSERT ON register.register_live
  FOR EACH ROW EXECUTE FUNCTION register.check_order();
CREATE TRIGGER check_order BEFORE INSERT ON register.register_embargo
  FOR EACH ROW EXECUTE FUNCTION register.check_order();
ALTER TABLE register.register_live ENABLE ALWAYS TRIGGER check_text;
ALTER TABLE register.register_live ENABLE ALWAYS TRIGGER check_order;
ALTER TABLE register.register_embargo ENABLE ALWAYS TRIGGER check_text;
ALTER TABLE register.register_embargo ENABLE ALWAYS TRIGGER check_order;
"""

KEPT = """
CREATE FUNCTION register.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  RAISE restrict_violation USING
    MESSAGE = 'What is in the register is never changed or removed. Publish a new edition instead.';
END
$body$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON register.register_live
  FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON register.register_embargo
  FOR EACH ROW EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON register.register_live
  FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON register.register_embargo
  FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
ALTER TABLE register.register_live ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE register.register_live ENABLE ALWAYS TRIGGER refuse_truncate;
ALTER TABLE register.register_embargo ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE register.register_embargo ENABLE ALWAYS TRIGGER refuse_truncate;
"""

DROP_WORDS = "DROP FUNCTION register.search_words(jsonb);"
DROP_PLACED = """
DROP TRIGGER check_order ON register.register_embargo;
DROP TRIGGER check_order ON register.register_live;
DROP TRIGGER check_text ON register.register_embargo;
DROP TRIGGER check_text ON register.register_live;
DROP FUNCTION register.check_order();
DROP FUNCTION register.check_text();
"""
DROP_KEPT = """
DROP TRIGGER refuse_truncate ON register.register_embargo;
DROP TRIGGER refuse_truncate ON register.register_live;
DROP TRIGGER refuse_change ON register.register_embargo;
DROP TRIGGER refuse_change ON register.register_live;
DROP FUNCTION register.refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0001_shelves")]

    operations: ClassVar = [
        migrations.RunSQL(WORDS, DROP_WORDS),
        migrations.RunSQL(PLACED, DROP_PLACED),
        migrations.RunSQL(KEPT, DROP_KEPT),
    ]
