"""The witness compares more: every column that can be had from a text, an event or a digest.

And each login adds its own events only.
"""

from __future__ import annotations

import re
from importlib import import_module

from django.db import migrations

SHOWN = import_module("decisions.register.migrations.0005_columns_of_the_text").SHOWN
_earlier = import_module("decisions.chain.migrations.0004_documents_placed")
DOCUMENTS = _earlier.EVIDENCE.replace("{more}", _earlier.DOCUMENTS)

# The worker tells of documents that it sealed, once each; who asked for one is named with it. The
# mailer, the witness and the public site tell of nothing.
OWN_EVENTS = """
CREATE FUNCTION event_is_of_its_login() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF session_user IN ('countersign_mailer', 'countersign_witness', 'countersign_public')
     OR session_user = 'countersign_renderer' AND NOT (
       NEW.verb = 'seal'
       AND EXISTS (
         SELECT FROM approvals_sealeddocument d JOIN approvals_edition e ON e.id = d.edition_id
         WHERE e.paper_id = NEW.paper_id AND d.made_by_id = NEW.actor_id
           AND NEW.facts::jsonb = jsonb_build_object('edition', e.number, 'document', d.digest))
       AND NOT EXISTS (
         SELECT FROM decisions_event e
         WHERE e.paper_id = NEW.paper_id AND e.verb = 'seal' AND e.facts = NEW.facts))
  THEN
    RAISE EXCEPTION 'This login may not tell of that, so no event was written.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_is_of_its_login BEFORE INSERT ON decisions_event
  FOR EACH ROW EXECUTE FUNCTION event_is_of_its_login();
ALTER TABLE decisions_event ENABLE ALWAYS TRIGGER event_is_of_its_login;
"""
NO_OWN_EVENTS = """
DROP TRIGGER event_is_of_its_login ON decisions_event;
DROP FUNCTION event_is_of_its_login();
"""

MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# approvals/actions/kept.py makes the same text of a signature. Each field has its length before it.
SIGNED = """
  SELECT encode(sha256(string_agg(int4send(octet_length(f.field)) || f.field, ''::bytea ORDER BY f.place)), 'hex')
  FROM (
    SELECT convert_to(t.said, 'UTF8') AS field, t.place FROM unnest(ARRAY[
      s.version_id::text, s.round::text, s.act::text, s.signer_id::text, s.appointment_id::text,
      s.office_id::text, s.name::text, s.title::text, s.acting_for::text, s.statement, s.interests,
      s.digest::text, s.part_two_commitment::text, s.identity::text, s.key::text, {moment s.signed_at},
      coalesce((SELECT string_agg(o.number || ':' || o.kind || ':'
                                  || encode(sha256(convert_to(o.words, 'UTF8')), 'hex'),
                                  ',' ORDER BY o.number)
                FROM approvals_outcome o WHERE o.signature_id = s.id), '')
    ]) WITH ORDINALITY AS t (said, place)
  ) AS f
"""
# Rows are compared as arrays, so that the view of a restored database reads as it did before.
# Functions of ours are not called: the witness would need the right to call them. Nothing that a
# column here says is a word of a paper: digests, numbers, moments, names of states.
MORE = """
UNION ALL
SELECT 'shown', p.id, r.edition, r.digest, CASE WHEN
    jsonb_build_array(r.reference, r.slug, r.edition::text, r.title, r.sample::text, r.office,
      r.decision_maker, r.date_signed, r.outcome, r.summary, r.capital, r.revenue, r.income)
    = jsonb_build_array(t.content ->> 'reference', t.content ->> 'slug', t.content ->> 'edition',
      t.content ->> 'title', t.content ->> 'sample', shown.office, shown.decision_maker,
      shown.date_signed, shown.outcome, shown.summary, shown.capital, shown.revenue, shown.income)
    AND (r.first_published_at = r.moment OR EXISTS (
      SELECT FROM register.register_live l WHERE l.slug = r.slug AND l.edition < r.edition
        AND l.published_at = r.first_published_at AND l.published_at < r.moment)
      OR EXISTS (
      SELECT FROM register.register_embargo l WHERE l.slug = r.slug AND l.edition < r.edition
        AND l.not_before = r.first_published_at AND l.not_before < r.moment))
    THEN r.digest ELSE '' END
FROM (SELECT reference, slug, edition, title, sample, office, decision_maker, date_signed, outcome,
        summary, capital, revenue, income, content, digest, first_published_at,
        published_at AS moment
      FROM register.register_live
      UNION ALL
      SELECT reference, slug, edition, title, sample, office, decision_maker, date_signed, outcome,
        summary, capital, revenue, income, content, digest, first_published_at, not_before
      FROM register.register_embargo) AS r
LEFT JOIN decisions_paper p ON p.slug = r.slug
CROSS JOIN LATERAL (SELECT r.content::jsonb AS content OFFSET 0) AS t
CROSS JOIN LATERAL ({shown}) AS shown
UNION ALL
SELECT 'moment', p.id, r.edition, {moment r.moment}, {moment r.moment}
FROM (SELECT slug, edition, published_at AS moment FROM register.register_live
      UNION ALL
      SELECT slug, edition, not_before FROM register.register_embargo) AS r
LEFT JOIN decisions_paper p ON p.slug = r.slug
UNION ALL
SELECT 'publication', e.paper_id, e.number, said.digest, said.digest
FROM approvals_publication u JOIN approvals_edition e ON e.id = u.edition_id
CROSS JOIN LATERAL (SELECT u.published_by_id || ' ' || coalesce({moment u.not_before}, '') AS digest) AS said
UNION ALL
SELECT 'signer', s.paper_id, s.id, s.signer_id::text, s.signer_id::text FROM approvals_signature s
UNION ALL
SELECT 'signed', s.paper_id, s.id, said.digest, said.digest
FROM approvals_signature s CROSS JOIN LATERAL ({signed}) AS said (digest)
UNION ALL
SELECT 'assertion', s.paper_id, s.id, said.digest, said.digest
FROM approvals_signature s JOIN approvals_assertion a ON a.signature_id = s.id
CROSS JOIN LATERAL (SELECT encode(sha256(a.authenticator_data || a.client_data || a.signature_bytes),
                                  'hex') AS digest) AS said
UNION ALL
SELECT 'commitment', v.paper_id, v.number, v.part_two_commitment::text,
       CASE WHEN f.commitment IS NOT DISTINCT FROM v.part_two_commitment OR f.commitment IS NULL
            THEN coalesce(encode(sha256(f.salt || convert_to(f.content, 'UTF8')), 'hex'), '')
            ELSE 'another' END
FROM decisions_version v LEFT JOIN conf.part_two_frozen f ON f.version_id = v.id
UNION ALL
SELECT 'taker', v.paper_id, v.number, v.taken_by_id::text, v.taken_by_id::text
FROM decisions_version v
UNION ALL
SELECT 'contributor', c.paper_id, c.person_id, '', '' FROM decisions_contributor c
UNION ALL
SELECT 'state', p.id, 0, p.state || ':' || p.round, p.state || ':' || p.round
FROM decisions_paper p
UNION ALL
SELECT 'sealed', e.paper_id, e.number, d.digest, d.digest
FROM approvals_sealeddocument d JOIN approvals_edition e ON e.id = d.edition_id
"""
_whole = MORE.replace("{signed}", SIGNED).replace(
    "{shown}", SHOWN.replace("{content}", "t.content")
)
for _column in set(re.findall(r"\{moment ([a-z_.]+)\}", _whole)):
    _whole = _whole.replace(f"{{moment {_column}}}", MOMENT.replace("{}", _column))
EVIDENCE = _earlier.EVIDENCE.replace("{more}", _earlier.DOCUMENTS + _whole)


class Migration(migrations.Migration):
    dependencies = [
        ("chain", "0005_opened_leaves"),
        ("approvals", "0008_published_as_signed"),
        ("part_two", "0003_files"),
    ]

    operations = [
        migrations.RunSQL(OWN_EVENTS, NO_OWN_EVENTS),
        migrations.RunSQL(EVIDENCE, DOCUMENTS),
    ]
