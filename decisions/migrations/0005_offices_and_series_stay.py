"""Offices, and the series of papers that each decides, are what they were when they were set up.

Who holds an office takes two people to say. Whoever could give another office its code, or a series
to another office, would need neither.
"""

from __future__ import annotations

from django.db import migrations

# A series counts on as papers are begun; that is all that changes while the service runs.
STAY = """
CREATE FUNCTION office_stays() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF sight.sets_up() OR sight.is_operator() THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'Offices are set up once, and the operator alone changes one.'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER office_stays BEFORE INSERT OR UPDATE OR DELETE ON accounts_office
  FOR EACH ROW EXECUTE FUNCTION office_stays();
ALTER TABLE accounts_office ENABLE ALWAYS TRIGGER office_stays;

CREATE FUNCTION series_stays() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF sight.sets_up() OR sight.is_operator() THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - 'next_number' = to_jsonb(OLD) - 'next_number'
       AND NEW.next_number >= OLD.next_number THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'A series counts on, and the operator alone changes anything else of it.'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER series_stays BEFORE INSERT OR UPDATE OR DELETE ON decisions_series
  FOR EACH ROW EXECUTE FUNCTION series_stays();
ALTER TABLE decisions_series ENABLE ALWAYS TRIGGER series_stays;
"""
NO_STAY = """
DROP TRIGGER series_stays ON decisions_series;
DROP FUNCTION series_stays();
DROP TRIGGER office_stays ON accounts_office;
DROP FUNCTION office_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_guards_of_people"),
        ("decisions", "0004_frozen_papers"),
    ]

    operations = [migrations.RunSQL(STAY, NO_STAY)]
