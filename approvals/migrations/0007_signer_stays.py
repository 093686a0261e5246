"""Whoever signs is here, and in office, until the signature is there."""

from __future__ import annotations

from django.db import migrations

# A deactivation, or an early end of the appointment, at the same moment waits for the signature, or
# the signature for it. `signer_may_sign`, next in the alphabet, then sees what came of it.
SIGNER_STAYS = """
CREATE FUNCTION signer_is_held() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM accounts_user WHERE id = NEW.signer_id FOR SHARE;
  PERFORM FROM accounts_appointment WHERE id = NEW.appointment_id FOR SHARE;
  RETURN NEW;
END $$;
CREATE TRIGGER signer_is_held BEFORE INSERT ON approvals_signature
  FOR EACH ROW EXECUTE FUNCTION signer_is_held();
ALTER TABLE approvals_signature ENABLE ALWAYS TRIGGER signer_is_held;
"""
NO_SIGNER_STAYS = """
DROP TRIGGER signer_is_held ON approvals_signature;
DROP FUNCTION signer_is_held();
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0006_signed_by_passkey")]

    operations = [migrations.RunSQL(SIGNER_STAYS, NO_SIGNER_STAYS)]
