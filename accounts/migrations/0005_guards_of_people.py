"""What PostgreSQL asks of whoever changes people, duties and appointments, whatever code asks it.

Who may do what today is answered by functions of the schema `sight`, which config/rows.sql makes.
"""

from __future__ import annotations

from django.db import migrations

# The secretariat keeps the accounts of others. Before anything happened here, and on the machine
# itself, the operator may.
PEOPLE = """
CREATE FUNCTION secretariat_keeps_people() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'People are deactivated and never deleted.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.name, NEW.email, NEW.is_active, NEW.joined_at)
     IS NOT DISTINCT FROM (OLD.name, OLD.email, OLD.is_active, OLD.joined_at) THEN
    RETURN NEW;
  END IF;
  IF sight.sets_up() OR sight.is_operator()
     OR (sight.is_secretariat() AND NEW.id IS DISTINCT FROM sight.person()) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The secretariat keeps the accounts of people, and nobody keeps their own.'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER secretariat_keeps_people BEFORE INSERT OR UPDATE OR DELETE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION secretariat_keeps_people();
ALTER TABLE accounts_user ENABLE ALWAYS TRIGGER secretariat_keeps_people;
"""
NO_PEOPLE = """
DROP TRIGGER secretariat_keeps_people ON accounts_user;
DROP FUNCTION secretariat_keeps_people();
"""

# What was true on a day stays true of it: a row can be given an earlier last day, from today on,
# and one that has not begun can be taken away. Nobody does either to themselves.
DATED = """
CREATE FUNCTION dated_row_keeps_its_past() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  row_of record;
BEGIN
  IF TG_OP = 'DELETE' THEN row_of := OLD; ELSE row_of := NEW; END IF;
  IF sight.sets_up() THEN
    RETURN row_of;
  END IF;
  IF NOT (sight.is_secretariat() OR sight.is_operator())
     OR row_of.person_id IS NOT DISTINCT FROM sight.person() THEN
    RAISE EXCEPTION 'The secretariat says what people do and hold, and nobody says it of themselves.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.starts <= sight.today() THEN
      RAISE EXCEPTION 'What has begun is ended, and never taken away.'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF to_jsonb(NEW) - 'ends' <> to_jsonb(OLD) - 'ends' OR NEW.ends IS NULL
     OR NEW.ends < sight.today() OR NEW.ends > coalesce(OLD.ends, 'infinity'::date) THEN
    RAISE EXCEPTION 'Only the last day changes: to an earlier one, and to none that is past.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dated_row_keeps_its_past BEFORE UPDATE OR DELETE ON accounts_duty
  FOR EACH ROW EXECUTE FUNCTION dated_row_keeps_its_past();
ALTER TABLE accounts_duty ENABLE ALWAYS TRIGGER dated_row_keeps_its_past;
CREATE TRIGGER dated_row_keeps_its_past BEFORE UPDATE OR DELETE ON accounts_appointment
  FOR EACH ROW EXECUTE FUNCTION dated_row_keeps_its_past();
ALTER TABLE accounts_appointment ENABLE ALWAYS TRIGGER dated_row_keeps_its_past;

CREATE FUNCTION duty_is_given_by_secretariat() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF sight.sets_up() THEN
    RETURN NEW;
  END IF;
  IF NOT sight.is_secretariat() OR NEW.person_id IS NOT DISTINCT FROM sight.person() THEN
    RAISE EXCEPTION 'The secretariat gives duties, and nobody gives themselves one.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.starts < sight.today() THEN
    RAISE EXCEPTION 'A duty begins today or later.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER duty_is_given_by_secretariat BEFORE INSERT ON accounts_duty
  FOR EACH ROW EXECUTE FUNCTION duty_is_given_by_secretariat();
ALTER TABLE accounts_duty ENABLE ALWAYS TRIGGER duty_is_given_by_secretariat;
"""
NO_DATED = """
DROP TRIGGER dated_row_keeps_its_past ON accounts_duty;
DROP TRIGGER dated_row_keeps_its_past ON accounts_appointment;
DROP TRIGGER duty_is_given_by_secretariat ON accounts_duty;
DROP FUNCTION dated_row_keeps_its_past();
DROP FUNCTION duty_is_given_by_secretariat();
"""

# An office is held because one person proposed it, and another agreed, and neither is the holder.
TWO = """
CREATE FUNCTION proposal_by_secretariat() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT (sight.is_secretariat() OR sight.sets_up())
     OR NEW.person_id IS NOT DISTINCT FROM sight.person() THEN
    RAISE EXCEPTION 'The secretariat proposes who holds an office, and nobody proposes themselves.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_by_secretariat BEFORE INSERT ON accounts_proposal
  FOR EACH ROW EXECUTE FUNCTION proposal_by_secretariat();
ALTER TABLE accounts_proposal ENABLE ALWAYS TRIGGER proposal_by_secretariat;

CREATE FUNCTION confirmation_by_a_second_person() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  proposal record;
BEGIN
  SELECT * INTO proposal FROM accounts_proposal WHERE id = NEW.proposal_id;
  IF NEW.agrees AND (NEW.by_id IN (proposal.by_id, proposal.person_id)) THEN
    RAISE EXCEPTION 'A second person confirms, who neither proposed it nor is to hold the office.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT (sight.may_confirm() OR sight.sets_up()
          OR (NOT NEW.agrees AND (sight.is_secretariat() OR NEW.by_id = proposal.by_id))) THEN
    RAISE EXCEPTION 'The secretariat, a head of service or the Chief Executive confirms.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER confirmation_by_a_second_person BEFORE INSERT ON accounts_confirmation
  FOR EACH ROW EXECUTE FUNCTION confirmation_by_a_second_person();
ALTER TABLE accounts_confirmation ENABLE ALWAYS TRIGGER confirmation_by_a_second_person;

CREATE FUNCTION appointment_by_two() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF sight.sets_up() THEN
    RETURN NEW;
  END IF;
  PERFORM FROM accounts_proposal p JOIN accounts_confirmation c ON c.proposal_id = p.id
    WHERE p.id = NEW.proposal_id AND c.agrees
      AND c.by_id NOT IN (p.by_id, p.person_id) AND p.by_id <> p.person_id
      AND (p.office_id, p.person_id, p.acting, p.legal_basis, p.starts)
        = (NEW.office_id, NEW.person_id, NEW.acting, NEW.legal_basis, NEW.starts)
      AND p.ends IS NOT DISTINCT FROM NEW.ends;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Nobody holds an office whom one person did not propose and another confirm.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.starts < sight.today() THEN
    RAISE EXCEPTION 'An appointment begins today or later.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER appointment_by_two BEFORE INSERT ON accounts_appointment
  FOR EACH ROW EXECUTE FUNCTION appointment_by_two();
ALTER TABLE accounts_appointment ENABLE ALWAYS TRIGGER appointment_by_two;
"""
NO_TWO = """
DROP TRIGGER proposal_by_secretariat ON accounts_proposal;
DROP TRIGGER confirmation_by_a_second_person ON accounts_confirmation;
DROP TRIGGER appointment_by_two ON accounts_appointment;
DROP FUNCTION proposal_by_secretariat();
DROP FUNCTION confirmation_by_a_second_person();
DROP FUNCTION appointment_by_two();
"""

# A link is asked for by the secretariat, made known once by the mailer, used once or revoked once.
LINKS = """
CREATE FUNCTION link_is_used_once() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT (sight.is_secretariat() OR sight.is_operator() OR sight.sets_up())
       OR NEW.person_id IS NOT DISTINCT FROM sight.person() THEN
      RAISE EXCEPTION 'The secretariat sends links, and nobody sends themselves one.'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.digest IS NOT NULL OR NEW.used_at IS NOT NULL OR NEW.revoked_at IS NOT NULL THEN
      RAISE EXCEPTION 'A link begins unsent.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.person_id, NEW.purpose, NEW.asked_by_id, NEW.asked_at)
     IS DISTINCT FROM (OLD.id, OLD.person_id, OLD.purpose, OLD.asked_by_id, OLD.asked_at)
     OR OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'A link is for one person, and is used or revoked once.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.used_at IS NOT NULL
     AND (NEW.expires_at IS NULL OR NEW.expires_at < now() OR NEW.revoked_at IS NOT NULL) THEN
    RAISE EXCEPTION 'A link is used while it is good.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER link_is_used_once BEFORE INSERT OR UPDATE ON accounts_invitation
  FOR EACH ROW EXECUTE FUNCTION link_is_used_once();
ALTER TABLE accounts_invitation ENABLE ALWAYS TRIGGER link_is_used_once;

CREATE FUNCTION letter_stays_as_written() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.attempts <> 0 OR NEW.sent_at IS NOT NULL THEN
      RAISE EXCEPTION 'A letter begins unsent.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.recipient_id, NEW.invitation_id, NEW.subject, NEW.body, NEW.written_at)
     IS DISTINCT FROM
     (OLD.id, OLD.recipient_id, OLD.invitation_id, OLD.subject, OLD.body, OLD.written_at)
     OR OLD.sent_at IS NOT NULL OR NEW.attempts <> OLD.attempts + 1 THEN
    RAISE EXCEPTION 'A letter stays as it was written, and is tried until it is sent.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letter_stays_as_written BEFORE INSERT OR UPDATE ON accounts_letter
  FOR EACH ROW EXECUTE FUNCTION letter_stays_as_written();
ALTER TABLE accounts_letter ENABLE ALWAYS TRIGGER letter_stays_as_written;
"""
NO_LINKS = """
DROP TRIGGER link_is_used_once ON accounts_invitation;
DROP TRIGGER letter_stays_as_written ON accounts_letter;
DROP FUNCTION link_is_used_once();
DROP FUNCTION letter_stays_as_written();
"""

ADDED_TO = ("accounts_act", "accounts_proposal", "accounts_confirmation")
NEVER_REMOVED = ("accounts_invitation", "accounts_letter")
INSERT_ONLY = """
CREATE FUNCTION record_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is evidence: rows are added and never changed.', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER record_never_changes BEFORE {acts} ON {table}
  FOR EACH ROW EXECUTE FUNCTION record_never_changes();
CREATE TRIGGER record_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION record_never_changes();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER record_never_changes;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER record_never_emptied;
"""
    for tables, acts in ((ADDED_TO, "UPDATE OR DELETE"), (NEVER_REMOVED, "DELETE"))
    for table in tables
)
NO_INSERT_ONLY = (
    "".join(
        f"DROP TRIGGER record_never_changes ON {table};\n"
        f"DROP TRIGGER record_never_emptied ON {table};\n"
        for table in (*ADDED_TO, *NEVER_REMOVED)
    )
    + "DROP FUNCTION record_never_changes();"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_people_come_and_go")]

    operations = [
        migrations.RunSQL(PEOPLE, NO_PEOPLE),
        migrations.RunSQL(DATED, NO_DATED),
        migrations.RunSQL(TWO, NO_TWO),
        migrations.RunSQL(LINKS, NO_LINKS),
        migrations.RunSQL(INSERT_ONLY, NO_INSERT_ONLY),
    ]
