"""What is done to people's accounts enters the chain too, by its number and digest."""

from __future__ import annotations

from django.db import migrations

# Written with the act, in its transaction, so that no act can be without its event. What the
# operator did on the machine bears the person's own number, and the operator's login.
ACTS = """
CREATE FUNCTION chain_act_on_person() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO decisions_event (paper_id, actor_id, verb, facts)
  VALUES (NULL, coalesce(NEW.by_id, NEW.person_id), 'people.' || NEW.verb,
    '{"act":' || NEW.id
    || ',"digest":"' || encode(sha256(convert_to(NEW.facts, 'UTF8')), 'hex')
    || '","operator":' || CASE WHEN NEW.by_id IS NULL THEN 'true' ELSE 'false' END
    || ',"person":' || NEW.person_id || '}');
  RETURN NULL;
END $$;
CREATE TRIGGER chain_act_on_person AFTER INSERT ON accounts_act
  FOR EACH ROW EXECUTE FUNCTION chain_act_on_person();
ALTER TABLE accounts_act ENABLE ALWAYS TRIGGER chain_act_on_person;
"""
NO_ACTS = """
DROP TRIGGER chain_act_on_person ON accounts_act;
DROP FUNCTION chain_act_on_person();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("chain", "0002_public_views"),
        ("accounts", "0004_people_come_and_go"),
        ("decisions", "0002_guards"),
    ]

    operations = [migrations.RunSQL(ACTS, NO_ACTS)]
