"""The public log: leaves that the database writes with their events, and signed checkpoints."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now

# Written with the event, in its transaction, while the gate of the chain is held: so leaves have
# numbers without gaps, and no act can be without its leaf. Three random UUIDs hold 366 random bits.
LEAF = """
ALTER TABLE chain_leaf ADD CONSTRAINT leaf_is_committed_to CHECK (
  commitment = encode(sha256(decode(salt, 'hex') || convert_to(text, 'UTF8')), 'hex'));
CREATE FUNCTION leaf_of_event(event decisions_event) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  facts jsonb := event.facts::jsonb;
  leaf record;
BEGIN
  SELECT coalesce(max(l.number), 0) + 1 AS number INTO leaf FROM chain_leaf l;
  INSERT INTO chain_leaf (number, event, slug, edition, text, salt, commitment)
  SELECT leaf.number, event.seq, said.slug, said.edition, said.text, salted.salt,
         encode(sha256(decode(salted.salt, 'hex') || convert_to(said.text, 'UTF8')), 'hex')
  FROM (
    SELECT told.slug, told.edition,
      '{"at":' || to_json(to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      || ',"commitment":' || to_json(coalesce(facts ->> 'commitment', ''))
      || ',"document":' || to_json(coalesce(facts ->> 'document', ''))
      || ',"edition":' || coalesce(told.edition::text, 'null')
      || ',"event":' || event.seq
      || ',"event_hash":' || to_json(event.hash::text)
      || ',"kind":' || to_json(event.verb::text)
      || ',"record":' || to_json(coalesce(
           CASE event.verb WHEN 'decide' THEN facts ->> 'edition' ELSE facts ->> 'digest' END, ''))
      || ',"reference":' || to_json(told.slug)
      || '}' AS text
    FROM (
      SELECT p.slug::text AS slug,
        CASE event.verb WHEN 'decide' THEN 1 ELSE (facts ->> 'edition')::integer END AS edition
      FROM decisions_paper p WHERE p.id = event.paper_id
    ) AS told
  ) AS said
  CROSS JOIN (
    SELECT encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                         || uuid_send(gen_random_uuid())), 'hex') AS salt
  ) AS salted;
END $$;
CREATE FUNCTION write_leaf() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM leaf_of_event(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER write_leaf AFTER INSERT ON decisions_event FOR EACH ROW
  WHEN (NEW.verb IN ('decide', 'publish', 'correct', 'withdraw')) EXECUTE FUNCTION write_leaf();
ALTER TABLE decisions_event ENABLE ALWAYS TRIGGER write_leaf;
DO $$
DECLARE
  event decisions_event;
BEGIN
  FOR event IN SELECT * FROM decisions_event
    WHERE verb IN ('decide', 'publish', 'correct', 'withdraw') ORDER BY seq
  LOOP
    PERFORM leaf_of_event(event);
  END LOOP;
END $$;
"""
NO_LEAF = """
DROP TRIGGER write_leaf ON decisions_event;
DROP FUNCTION write_leaf();
DROP FUNCTION leaf_of_event(decisions_event);
ALTER TABLE chain_leaf DROP CONSTRAINT leaf_is_committed_to;
"""
TABLES = ("chain_leaf", "chain_checkpoint")
INSERT_ONLY = "".join(
    f"""
CREATE TRIGGER evidence_never_changes BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION evidence_never_changes();
CREATE TRIGGER evidence_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_never_changes();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER evidence_never_changes;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER evidence_never_emptied;
"""
    for table in TABLES
)
NO_INSERT_ONLY = "".join(
    f"DROP TRIGGER evidence_never_changes ON {table};\n"
    f"DROP TRIGGER evidence_never_emptied ON {table};\n"
    for table in TABLES
)
# What the witness compares with the events: digests, computed here from the texts it may not read.
EVIDENCE = """
CREATE VIEW chain_evidence AS
SELECT 'version' AS kind, paper_id AS paper, number::bigint AS number, digest::text AS digest,
       encode(sha256(convert_to(content, 'UTF8')), 'hex') AS computed
FROM decisions_version
UNION ALL
SELECT 'edition', paper_id, number, digest, encode(sha256(convert_to(content, 'UTF8')), 'hex')
FROM approvals_edition
UNION ALL
SELECT 'signature', s.paper_id, s.id, s.digest, v.digest
FROM approvals_signature s JOIN decisions_version v ON v.id = s.version_id
UNION ALL
SELECT 'placed', p.id, r.edition, r.digest, encode(sha256(convert_to(r.content, 'UTF8')), 'hex')
FROM (SELECT slug, edition, digest, content FROM register.register_live
      UNION ALL
      SELECT slug, edition, digest, content FROM register.register_embargo) AS r
LEFT JOIN decisions_paper p ON p.slug = r.slug;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("decisions", "0002_guards"),
        ("register", "0003_guards"),
        ("approvals", "0004_signing_and_states"),
    ]

    operations = [
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event", models.BigIntegerField(unique=True)),
                ("slug", models.CharField(max_length=60)),
                ("edition", models.PositiveIntegerField(blank=True, null=True)),
                ("text", models.TextField()),
                ("salt", models.CharField(max_length=64)),
                ("commitment", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["slug", "number"], name="chain_leaf_of_decision")],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("seq", models.BigIntegerField(unique=True)),
                ("note", models.TextField()),
                ("stored_at", models.DateTimeField(db_default=Now(), editable=False)),
            ],
            options={"ordering": ["seq"]},
        ),
        migrations.RunSQL(INSERT_ONLY, NO_INSERT_ONLY),
        migrations.RunSQL(LEAF, NO_LEAF),
        migrations.RunSQL(EVIDENCE, "DROP VIEW chain_evidence;"),
    ]
