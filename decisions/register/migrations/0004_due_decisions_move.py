"""Due decisions move from the shelf of those that wait to the shelf of those that are public.

Nothing that the public reads changes by it: what is due is visible whether it moved or not. But
only the rows that wait stand behind the barrier, so they have to stay few.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import migrations

# As in 0003, but for a row that moves: it is due, it is the one that the public reads, and it says
# on the live shelf exactly what it says where it waits.
ORDER: Final = """
CREATE OR REPLACE FUNCTION register.check_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  moment timestamptz;
  waits_until timestamptz;
BEGIN
  LOCK TABLE register.register_gate IN EXCLUSIVE MODE;
  IF TG_TABLE_NAME = 'register_live' THEN
    PERFORM FROM register.embargo_due e
      WHERE e.slug = NEW.slug AND e.edition = NEW.edition AND e.digest = NEW.digest
        AND e.pdf_digest = NEW.pdf_digest AND e.not_before = NEW.published_at
        AND e.placed_at = NEW.placed_at AND e.first_published_at = NEW.first_published_at;
    IF FOUND THEN
      RETURN NEW; -- and the row that waits is gone when this is committed, says not_twice
    END IF;
  END IF;
{placing}
"""
PLACING: Final = """
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
ORDER_BEFORE: Final = (
    """
CREATE OR REPLACE FUNCTION register.check_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  moment timestamptz;
  waits_until timestamptz;
BEGIN
  LOCK TABLE register.register_gate IN EXCLUSIVE MODE;
"""
    + PLACING
)

# The one row that may be taken away is one that waited, is due, and stands on the live shelf with
# the same text, document and moments.
NO_CHANGE: Final = """
CREATE OR REPLACE FUNCTION register.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF TG_TABLE_NAME = 'register_embargo' THEN
      PERFORM FROM register.register_live l
        WHERE l.slug = OLD.slug AND l.edition = OLD.edition AND l.digest = OLD.digest
          AND l.pdf_digest = OLD.pdf_digest AND l.published_at = OLD.not_before
          AND l.placed_at = OLD.placed_at AND l.first_published_at = OLD.first_published_at
          AND OLD.not_before <= clock_timestamp();
      IF FOUND THEN
        RETURN OLD;
      END IF;
    END IF;
  END IF;
  RAISE restrict_violation USING
    MESSAGE = 'What is in the register is never changed or removed. Publish a new edition instead.';
END
$body$;
"""
NO_CHANGE_BEFORE: Final = """
CREATE OR REPLACE FUNCTION register.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  RAISE restrict_violation USING
    MESSAGE = 'What is in the register is never changed or removed. Publish a new edition instead.';
END
$body$;
"""

NOT_TWICE: Final = """
CREATE FUNCTION register.refuse_twice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  PERFORM FROM register.embargo_due e WHERE e.slug = NEW.slug AND e.edition = NEW.edition;
  IF FOUND THEN
    RAISE unique_violation USING
      MESSAGE = 'This edition is public already. What is published is never placed again.';
  END IF;
  RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER not_twice AFTER INSERT ON register.register_live
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION register.refuse_twice();
ALTER TABLE register.register_live ENABLE ALWAYS TRIGGER not_twice;
"""
NO_NOT_TWICE: Final = """
DROP TRIGGER not_twice ON register.register_live;
DROP FUNCTION register.refuse_twice();
"""

# It stands outside the register's schema, so that whoever calls it needs no right to look in there.
# What is due is said by the view that the public reads through, with PostgreSQL's own clock.
MOVE: Final = """
CREATE FUNCTION public.move_due_decisions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  moved integer;
BEGIN
  LOCK TABLE register.register_gate IN EXCLUSIVE MODE;
  INSERT INTO register.register_live (
    reference, slug, edition, title, office, decision_maker, date_signed, outcome, summary,
    capital, revenue, income, sample, content, digest, pdf_digest, pdf_size,
    placed_at, first_published_at, published_at)
  SELECT
    reference, slug, edition, title, office, decision_maker, date_signed, outcome, summary,
    capital, revenue, income, sample, content, digest, pdf_digest, pdf_size,
    placed_at, first_published_at, not_before
  FROM register.embargo_due ORDER BY not_before, edition;
  DELETE FROM register.register_embargo e USING register.register_live l
    WHERE l.slug = e.slug AND l.edition = e.edition AND l.digest = e.digest
      AND l.published_at = e.not_before AND l.placed_at = e.placed_at;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END
$body$;
REVOKE ALL ON FUNCTION public.move_due_decisions() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0003_guards")]

    operations: ClassVar = [
        migrations.RunSQL(ORDER.replace("{placing}", PLACING), ORDER_BEFORE),
        migrations.RunSQL(NO_CHANGE, NO_CHANGE_BEFORE),
        migrations.RunSQL(NOT_TWICE, NO_NOT_TWICE),
        migrations.RunSQL(MOVE, "DROP FUNCTION public.move_due_decisions();"),
    ]
