"""The witness compares the documents that the register points at, too."""

from __future__ import annotations

from django.db import migrations

EVIDENCE = """
CREATE OR REPLACE VIEW chain_evidence AS
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
LEFT JOIN decisions_paper p ON p.slug = r.slug
{more};
"""
# The file itself is in no table: whoever serves it compares it with this digest.
DOCUMENTS = """
UNION ALL
SELECT 'document', p.id, r.edition, r.pdf_digest, r.pdf_digest
FROM (SELECT slug, edition, pdf_digest FROM register.register_live
      UNION ALL
      SELECT slug, edition, pdf_digest FROM register.register_embargo) AS r
LEFT JOIN decisions_paper p ON p.slug = r.slug
"""


class Migration(migrations.Migration):
    dependencies = [("chain", "0003_acts_on_people")]

    operations = [
        migrations.RunSQL(EVIDENCE.replace("{more}", DOCUMENTS), EVIDENCE.replace("{more}", ""))
    ]
