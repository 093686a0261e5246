"""What is published is what was signed: PostgreSQL compares every edition, and every row placed.

The register knows no papers and has to stay readable without them, so the rule that joins the two
stands here. It holds for every way to the rows: another command, a slip in a new view, a statement
typed by hand.
"""

from __future__ import annotations

from django.db import migrations

# The first edition is the version that was signed, with the two signatures, the outcomes and who
# advised. A later one may write passages anew and must carry its public note, and nothing else.
EDITION = """
CREATE FUNCTION edition_is_as_signed() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  content jsonb := NEW.content::jsonb;
  own constant text[] := ARRAY['recommendations', 'decision_maker', 'declarations',
    'chief_executive', 'decision', 'signed_digest', 'signed_declarations'];
  rewritten constant text[] := ARRAY['edition', 'executive_summary', 'sections', 'corrections'];
  paper record;
  decided record;
  endorsed record;
  signed jsonb;
  earlier jsonb;
  whole boolean;
BEGIN
  SELECT * INTO paper FROM public.decisions_paper WHERE id = NEW.paper_id;
  SELECT s.*, o.title AS office INTO decided
    FROM public.approvals_signature s JOIN public.accounts_office o ON o.id = s.office_id
    WHERE s.id = NEW.signature_id AND s.paper_id = NEW.paper_id AND s.act = 'decide'
      AND s.round = paper.round;
  SELECT s.*, o.title AS office INTO endorsed
    FROM public.approvals_signature s JOIN public.accounts_office o ON o.id = s.office_id
    WHERE s.paper_id = NEW.paper_id AND s.act = 'endorse' AND s.round = paper.round
      AND s.version_id = decided.version_id;
  SELECT v.content::jsonb INTO signed FROM public.decisions_version v WHERE v.id = decided.version_id;
  IF decided.id IS NULL OR endorsed.id IS NULL THEN
    RAISE EXCEPTION 'An edition is made of a paper that was endorsed and decided.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;

  IF NEW.number = 1 THEN
    whole := content - own = signed - own
      AND content ->> 'decision_maker' = decided.name
      AND content ->> 'signed_digest' = decided.digest
      AND coalesce(content -> 'signed_declarations' = signed -> 'declarations', true)
      AND (
        SELECT jsonb_agg(r - 'outcome' - 'outcome_words' ORDER BY n)
        FROM jsonb_array_elements(content -> 'recommendations') WITH ORDINALITY AS x (r, n)
      ) IS NOT DISTINCT FROM (
        SELECT jsonb_agg(r - 'outcome' - 'outcome_words' ORDER BY n)
        FROM jsonb_array_elements(signed -> 'recommendations') WITH ORDINALITY AS x (r, n))
      AND (
        SELECT jsonb_agg(jsonb_build_array(r -> 'number', r -> 'outcome', r -> 'outcome_words')
                         ORDER BY (r ->> 'number')::integer)
        FROM jsonb_array_elements(content -> 'recommendations') AS r
      ) IS NOT DISTINCT FROM (
        SELECT jsonb_agg(jsonb_build_array(o.number, o.kind, o.words) ORDER BY o.number)
        FROM public.approvals_outcome o WHERE o.signature_id = decided.id)
      AND (
        SELECT bool_and(said.approval - 'signed_at' - 'passkey' = jsonb_build_object(
            'statement', said.statement, 'name', said.name, 'office', said.office,
            'digest', said.digest, 'identity', said.identity, 'acting_for', said.acting_for,
            'interests', said.interests)
          AND (said.approval ->> 'signed_at')::timestamptz = said.signed_at)
        FROM (VALUES
          (content -> 'decision', decided.statement, decided.name, decided.office, decided.digest,
           decided.identity, decided.acting_for, decided.interests, decided.signed_at),
          (content -> 'chief_executive', endorsed.statement, endorsed.name, endorsed.office,
           endorsed.digest, endorsed.identity, endorsed.acting_for, endorsed.interests,
           endorsed.signed_at)
        ) AS said (approval, statement, name, office, digest, identity, acting_for, interests,
                   signed_at))
      AND jsonb_array_length(content -> 'declarations') = jsonb_array_length(signed -> 'declarations')
      AND (
        SELECT coalesce(bool_and(
          said.line = asked.line OR (said.line ->> 'label' = asked.line ->> 'label' AND EXISTS (
            SELECT FROM public.approvals_advice a
            WHERE a.version_id = decided.version_id
              AND a.statement = said.line ->> 'statement'))), true)
        FROM jsonb_array_elements(content -> 'declarations') WITH ORDINALITY AS said (line, n)
        JOIN jsonb_array_elements(signed -> 'declarations') WITH ORDINALITY AS asked (line, n)
          USING (n));
  ELSE
    SELECT e.content::jsonb INTO earlier FROM public.approvals_edition e
      WHERE e.paper_id = NEW.paper_id AND e.number = NEW.number - 1;
    whole := content - rewritten = earlier - rewritten
      AND content -> 'edition' = to_jsonb(NEW.number)
      AND (content -> 'corrections') - (-1) = earlier -> 'corrections'
      AND content #> '{corrections,-1,edition}' = to_jsonb(NEW.number)
      AND content #>> '{corrections,-1,note}' = NEW.note
      AND (
        SELECT jsonb_agg(s - 'blocks' ORDER BY n)
        FROM jsonb_array_elements(content -> 'sections') WITH ORDINALITY AS x (s, n)
      ) IS NOT DISTINCT FROM (
        SELECT jsonb_agg(s - 'blocks' ORDER BY n)
        FROM jsonb_array_elements(earlier -> 'sections') WITH ORDINALITY AS x (s, n));
  END IF;
  IF whole IS NOT TRUE OR (content ->> 'reference', content ->> 'slug', content -> 'sample')
     IS DISTINCT FROM (paper.reference::text, paper.slug::text, to_jsonb(paper.sample)) THEN
    RAISE EXCEPTION 'An edition says what was signed; a later one adds what its note is about.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER edition_is_as_signed BEFORE INSERT ON approvals_edition
  FOR EACH ROW EXECUTE FUNCTION edition_is_as_signed();
ALTER TABLE approvals_edition ENABLE ALWAYS TRIGGER edition_is_as_signed;
"""
NO_EDITION = """
DROP TRIGGER edition_is_as_signed ON approvals_edition;
DROP FUNCTION edition_is_as_signed();
"""

# Events from before this migration do not say from when on an edition is public.
# A day of deferral begins at midnight in London. What moves from the shelf of those that wait was
# asked all of this when it was placed there, and keeps the moment that was set for it. Only sample
# papers carry dates of former years.
SHELVES = ("register_live", "register_embargo")
PLACED = """
CREATE FUNCTION placed_as_signed() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  deferred_until timestamptz :=
    (NEW.content::jsonb #>> '{deferral,until}')::timestamp AT TIME ZONE 'Europe/London';
  begins timestamptz := CASE TG_TABLE_NAME
    WHEN 'register_live' THEN (to_jsonb(NEW) ->> 'published_at')::timestamptz
    ELSE (to_jsonb(NEW) ->> 'not_before')::timestamptz END;
  moved boolean := TG_TABLE_NAME = 'register_live' AND EXISTS (
    SELECT FROM register.register_embargo e
    WHERE e.slug = NEW.slug AND e.edition = NEW.edition AND e.digest = NEW.digest
      AND e.not_before = begins AND e.placed_at = NEW.placed_at AND begins <= clock_timestamp());
BEGIN
  PERFORM FROM public.decisions_paper p
    JOIN public.approvals_edition e ON e.paper_id = p.id
    JOIN public.approvals_sealeddocument d ON d.edition_id = e.id
    WHERE p.slug = NEW.slug AND p.reference = NEW.reference AND p.sample = NEW.sample
      AND p.state = 'decided' AND e.number = NEW.edition AND e.digest = NEW.digest
      AND d.digest = NEW.pdf_digest AND d.size = NEW.pdf_size;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Only an edition of a decided paper is published, with its sealed document.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF deferred_until > (CASE TG_TABLE_NAME
       WHEN 'register_live' THEN clock_timestamp() ELSE begins END) THEN
    RAISE EXCEPTION 'It was signed with publication deferred, and that day has not come.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF begins < transaction_timestamp() AND NOT moved AND NOT NEW.sample THEN
    RAISE EXCEPTION 'Nothing is published as of a time that has passed.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION placing_is_told() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begins timestamptz := CASE TG_TABLE_NAME
    WHEN 'register_live' THEN (to_jsonb(NEW) ->> 'published_at')::timestamptz
    ELSE (to_jsonb(NEW) ->> 'not_before')::timestamptz END;
BEGIN
  PERFORM FROM public.decisions_event e JOIN public.decisions_paper p ON p.id = e.paper_id
    WHERE p.slug = NEW.slug AND e.verb = 'publish' AND e.facts::jsonb @> jsonb_build_object(
      'edition', NEW.edition, 'digest', NEW.digest, 'document', NEW.pdf_digest)
      AND coalesce((e.facts::jsonb ->> 'begins')::timestamptz = begins, true);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Nothing is published without an event that tells of it.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""
SIGNED = "".join(
    f"""
CREATE TRIGGER check_3_signed BEFORE INSERT ON register.{shelf}
  FOR EACH ROW EXECUTE FUNCTION placed_as_signed();
CREATE CONSTRAINT TRIGGER placing_is_told AFTER INSERT ON register.{shelf}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION placing_is_told();
ALTER TABLE register.{shelf} ENABLE ALWAYS TRIGGER check_3_signed;
ALTER TABLE register.{shelf} ENABLE ALWAYS TRIGGER placing_is_told;
"""
    for shelf in SHELVES
)
NOT_PLACED = "DROP FUNCTION placing_is_told();\nDROP FUNCTION placed_as_signed();"
NOT_SIGNED = "".join(
    f"DROP TRIGGER placing_is_told ON register.{shelf};\n"
    f"DROP TRIGGER check_3_signed ON register.{shelf};\n"
    for shelf in SHELVES
)


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0007_signer_stays"),
        ("register", "0005_columns_of_the_text"),
    ]

    operations = [
        migrations.RunSQL(EDITION, NO_EDITION),
        migrations.RunSQL(PLACED, NOT_PLACED),
        migrations.RunSQL(SIGNED, NOT_SIGNED),
    ]
