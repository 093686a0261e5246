-- What only a superuser of PostgreSQL may do, once for a cluster: `psql -f config/bootstrap.sql`, before
-- the first migrate and again after a restore. Running it twice changes nothing.
--
-- It lets the owner's migrations keep PostgreSQL's own log free of what people write, and does the
-- same itself for the roles that are there. Without it an error is logged with the row or the
-- statement that caused it, Part 2 included. PostgreSQL 14 knows no such permission for the owner:
-- there, run this file after each migrate that brings a new role.

DO $$
DECLARE
  settings constant text[] := ARRAY[
    'log_min_messages=fatal', 'log_min_error_statement=panic', 'log_error_verbosity=terse',
    'log_parameter_max_length=0', 'log_parameter_max_length_on_error=0', 'log_statement=none',
    'log_min_duration_statement=-1', 'log_min_duration_sample=-1', 'log_lock_waits=off'];
  setting text;
  service text;
BEGIN
  IF current_setting('server_version_num')::int >= 150000
     AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_owner') THEN
    FOREACH setting IN ARRAY settings LOOP
      -- Only where it is missing: two runs at once would trip over each other.
      EXECUTE format(
        'DO $inner$ BEGIN '
        'IF NOT has_parameter_privilege(''countersign_owner'', %1$L, ''SET'') THEN '
        'GRANT SET ON PARAMETER %1$I TO countersign_owner; END IF; END $inner$',
        split_part(setting, '=', 1));
    END LOOP;
  END IF;
  FOR service, setting IN
    SELECT r.rolname, s FROM pg_roles r CROSS JOIN unnest(settings) AS s
    WHERE r.rolname LIKE 'countersign\_%' AND r.rolname <> 'countersign_owner'
      AND NOT EXISTS (SELECT FROM pg_db_role_setting d
                      WHERE d.setrole = r.oid AND d.setdatabase = 0 AND s = ANY (d.setconfig))
  LOOP
    EXECUTE format('ALTER ROLE %I SET %I = %L',
      service, split_part(setting, '=', 1), split_part(setting, '=', 2));
  END LOOP;
END
$$;
