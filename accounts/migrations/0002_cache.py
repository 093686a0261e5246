"""The table in which rate limits are counted once for all workers."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE accounts_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_and_offices")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE accounts_cache;")]
