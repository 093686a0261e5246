"""What a passkey returned, kept for good; and PostgreSQL's own word that it is about this text."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

INSERT_ONLY = """
CREATE TRIGGER evidence_never_changes BEFORE UPDATE OR DELETE ON approvals_assertion
  FOR EACH ROW EXECUTE FUNCTION evidence_never_changes();
CREATE TRIGGER evidence_never_emptied BEFORE TRUNCATE ON approvals_assertion
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_never_changes();
ALTER TABLE approvals_assertion ENABLE ALWAYS TRIGGER evidence_never_changes;
ALTER TABLE approvals_assertion ENABLE ALWAYS TRIGGER evidence_never_emptied;
"""
NO_INSERT_ONLY = """
DROP TRIGGER evidence_never_changes ON approvals_assertion;
DROP TRIGGER evidence_never_emptied ON approvals_assertion;
"""

# The text of approvals.ceremony.text, written from the rows alone.
TEXT = """
CREATE FUNCTION signed_text(wanted bigint, nonce bytea) RETURNS bytea LANGUAGE sql STABLE
  SET search_path = public, pg_temp AS $$
  SELECT with_length('countersign-sign-1')
    || with_length(p.reference::text)
    || with_length(o.code::text)
    || with_length(s.act::text)
    || with_length(v.number::text)
    || with_length(s.digest::text)
    || with_length(s.part_two_commitment::text)
    || with_length(encode(sha256(convert_to(
         '{"interests":' || to_json(s.interests)::text
         || ',"outcomes":[' || coalesce((
              SELECT string_agg(
                '{"kind":' || to_json(each.kind::text)::text || ',"number":' || each.number::text
                || ',"words":' || to_json(each.words)::text || '}', ',' ORDER BY each.number)
              FROM approvals_outcome each WHERE each.signature_id = s.id), '')
         || '],"statement":' || to_json(s.statement)::text || '}', 'UTF8')), 'hex'))
    || with_length(encode(nonce, 'hex'))
  FROM approvals_signature s
  JOIN decisions_paper p ON p.id = s.paper_id
  JOIN decisions_version v ON v.id = s.version_id
  JOIN accounts_office o ON o.id = s.office_id
  WHERE s.id = wanted
$$;
"""
NO_TEXT = "DROP FUNCTION signed_text(bigint, bytea);"

# Asked when the transaction ends, because a signature's outcomes are written after it; and again of
# whoever would add an outcome to a signature later. Flags: 1 is presence, 4 is verification.
PROVED = """
CREATE FUNCTION signature_is_proved() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
DECLARE
  wanted bigint;
  said_by text;
  kept record;
  said jsonb;
BEGIN
  IF TG_TABLE_NAME = 'approvals_signature' THEN
    wanted := NEW.id;
  ELSE
    wanted := NEW.signature_id;
  END IF;
  SELECT identity INTO said_by FROM approvals_signature WHERE id = wanted;
  SELECT * INTO kept FROM approvals_assertion WHERE signature_id = wanted;

  IF (said_by = 'Passkey, which signed this very text') IS DISTINCT FROM (kept.id IS NOT NULL) THEN
    RAISE EXCEPTION 'A signature by passkey has what the passkey returned, and no other has.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF kept.id IS NULL THEN
    RETURN NULL;
  END IF;
  said := convert_from(kept.client_data, 'UTF8')::jsonb;
  IF octet_length(kept.nonce) <> 32
     OR said ->> 'type' IS DISTINCT FROM 'webauthn.get'
     OR said ->> 'challenge' IS DISTINCT FROM translate(rtrim(
          encode(sha256(signed_text(wanted, kept.nonce)), 'base64'), '='), '+/', '-_') THEN
    RAISE EXCEPTION 'What a passkey signed is the digest of this very signature.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF octet_length(kept.authenticator_data) < 37
     OR get_byte(kept.authenticator_data, 32) & 5 <> 5 THEN
    RAISE EXCEPTION 'A passkey signs after it has verified who holds it.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""
TABLES = ("approvals_signature", "approvals_outcome", "approvals_assertion")
ASKED = "".join(
    f"""
CREATE CONSTRAINT TRIGGER signature_is_proved AFTER INSERT ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION signature_is_proved();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER signature_is_proved;
"""
    for table in TABLES
)
NOT_ASKED = "".join(f"DROP TRIGGER signature_is_proved ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_cache"),
        ("approvals", "0005_notices"),
        ("decisions", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assertion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("credential_id", models.BinaryField(db_index=True)),
                ("public_key", models.BinaryField()),
                ("authenticator_data", models.BinaryField()),
                ("client_data", models.BinaryField()),
                ("signature_bytes", models.BinaryField()),
                ("nonce", models.BinaryField(unique=True)),
                ("counter", models.PositiveBigIntegerField()),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assertion",
                        to="approvals.signature",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(INSERT_ONLY, NO_INSERT_ONLY),
        migrations.RunSQL(TEXT, NO_TEXT),
        migrations.RunSQL(PROVED, "DROP FUNCTION signature_is_proved();"),
        migrations.RunSQL(ASKED, NOT_ASKED),
    ]
