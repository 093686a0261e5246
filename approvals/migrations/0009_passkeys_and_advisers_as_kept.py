"""An edition shows the passkey's answer that is kept, and names who advised, and says no more.

Both were let pass as they came: an edition could show a passkey's answer to a signature by
password, or another than the one that is kept, and name anybody beside the advice that was given.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from django.db import migrations

# What approvals.ceremony.publishing makes of an assertion. The public key is there in another form
# than the one that is kept, so its letters alone are asked for: whoever checks the signature finds
# out whether it is the one.
KEPT: Final = """
CREATE FUNCTION web_safe(value bytea) RETURNS text LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT translate(encode(value, 'base64'), '+/=' || chr(10), '-_')
$$;
CREATE FUNCTION passkey_is_as_kept(said jsonb, wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept record;
BEGIN
  SELECT * INTO kept FROM approvals_assertion WHERE signature_id = wanted;
  IF kept.id IS NULL THEN
    RETURN said IS NULL;
  END IF;
  RETURN (said - 'signed' - 'declared' - 'public_key' - 'algorithm' = jsonb_build_object(
      'authenticator_data', web_safe(kept.authenticator_data),
      'client_data', web_safe(kept.client_data),
      'signature', web_safe(kept.signature_bytes),
      'credential', encode(sha256(kept.credential_id), 'hex'))
    AND (SELECT string_agg(with_length(part), ''::bytea ORDER BY n)
         FROM jsonb_array_elements_text(said -> 'signed') WITH ORDINALITY AS x (part, n))
      = signed_text(wanted, kept.nonce)
    AND encode(sha256(convert_to(said ->> 'declared', 'UTF8')), 'hex') = said -> 'signed' ->> 7
    AND jsonb_typeof(said -> 'public_key') = 'string'
    AND said ->> 'public_key' ~ '^[A-Za-z0-9_-]+$'
    AND jsonb_typeof(said -> 'algorithm') = 'number') IS TRUE;
END $$;
"""
NOT_KEPT: Final = """
DROP FUNCTION passkey_is_as_kept(jsonb, bigint);
DROP FUNCTION web_safe(bytea);
"""

BEFORE: Final = (
    import_module("approvals.migrations.0008_published_as_signed")
    .EDITION.partition("CREATE TRIGGER")[0]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
)
CHANGES: Final = (
    (
        "AND (said.approval ->> 'signed_at')::timestamptz = said.signed_at)",
        """AND (said.approval ->> 'signed_at')::timestamptz = said.signed_at
          AND public.passkey_is_as_kept(said.approval -> 'passkey', said.signature))""",
    ),
    ("decided.interests, decided.signed_at)", "decided.interests, decided.signed_at, decided.id)"),
    ("endorsed.signed_at)\n", "endorsed.signed_at, endorsed.id)\n"),
    ("                   signed_at))", "                   signed_at, signature))"),
    (
        """          said.line = asked.line OR (said.line ->> 'label' = asked.line ->> 'label' AND EXISTS (
            SELECT FROM public.approvals_advice a
            WHERE a.version_id = decided.version_id
              AND a.statement = said.line ->> 'statement'))), true)""",
        """          said.line = asked.line OR EXISTS (
            SELECT FROM public.approvals_advice a JOIN public.accounts_user u ON u.id = a.adviser_id
            WHERE a.version_id = decided.version_id
              AND said.line = asked.line || jsonb_build_object(
                'statement', a.statement, 'confirmed', true, 'adviser', u.name,
                'advised_on', (a.given_at AT TIME ZONE 'Europe/London')::date))), true)""",
    ),
)


def _changed(text: str) -> str:
    for old, new in CHANGES:
        if text.count(old) != 1:
            raise RuntimeError(f"The guard of editions does not say once: {old}")
        text = text.replace(old, new)
    return text


class Migration(migrations.Migration):
    dependencies = [("approvals", "0008_published_as_signed")]

    operations = [
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(_changed(BEFORE), BEFORE),
    ]
