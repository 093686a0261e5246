"""Questions in SQL that a role of the database might ask for what is none of its business."""

from __future__ import annotations

from typing import Final

# Each is asked of each confidential table, in place of {}.
OF_A_TABLE: Final = (
    "SELECT * FROM {}",
    "SELECT count(*) FROM {}",
    "SELECT t::text FROM {} AS t",
    "SELECT row_to_json(t) FROM {} AS t",
    "SELECT max(t::text) FROM {} AS t",
    "SELECT query_to_xml('SELECT * FROM {}', true, true, '')",
    "SELECT table_to_xml('{}', true, true, '')",
    "SELECT 1 / (SELECT count(*)::int FROM {})",
    "SELECT (SELECT string_agg(t::text, '') FROM {} AS t)::int",
    "COPY {} TO STDOUT",
    "COPY (SELECT * FROM {}) TO STDOUT",
    "SELECT pg_read_file(pg_relation_filepath('{}'))",
    "TABLE {}",
    "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM {}",
    "WITH t AS (SELECT * FROM {}) SELECT * FROM t",
    "EXPLAIN ANALYZE SELECT * FROM {}",
    "SELECT * FROM {} FOR UPDATE",
    "DO $$ BEGIN RAISE EXCEPTION '%', (SELECT string_agg(t::text, '') FROM {} AS t); END $$",
)
WRITES: Final = (
    "INSERT INTO {} DEFAULT VALUES",
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "DO $$ BEGIN LOCK TABLE {}; END $$",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {}",
    "GRANT ALL ON {} TO PUBLIC",
    "CREATE VIEW public.mine AS SELECT * FROM {}",
    "CREATE TEMP TABLE mine AS SELECT * FROM {}",
)
# Each is asked once.
OF_THE_CLUSTER: Final = (
    "SELECT * FROM pg_stats WHERE schemaname IN ('conf', 'public')",
    "SELECT query FROM pg_stat_activity",
    "SELECT schema_to_xml('conf', true, true, '')",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_read_file('postgresql.auto.conf')",
    "SELECT * FROM pg_ls_dir('.')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SET ROLE countersign_owner",
    "SET ROLE countersign_staff",
    "SET SESSION AUTHORIZATION countersign_staff",
    "SET session_replication_role = replica",
    "SET log_min_messages = debug1",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine (n int)",
    "CREATE TEMP TABLE mine (n int)",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "CREATE EXTENSION dblink SCHEMA pg_catalog",
)
