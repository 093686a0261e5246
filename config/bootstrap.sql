-- What only a superuser of PostgreSQL may do, once for each database of the service: `psql -d countersign
-- -f config/bootstrap.sql`, before the first migrate and again in a database that a backup is restored
-- into. Running it twice changes nothing.
--
-- First, it lets the owner's migrations keep PostgreSQL's own log free of what people write, and does the
-- same itself for the roles that are there. Without it an error is logged with the row or the
-- statement that caused it, Part 2 included. PostgreSQL 14 knows no such permission for the owner:
-- there, run this file after each migrate that brings a new role.
--
-- Second, it takes from PUBLIC what every login may do by default and none of ours needs: large objects,
-- advisory locks, sleeping, signals, notifications, writing to the log of changes, and code of one's own
-- (DO). The owner keeps them, and config/roles.sql hands on the few that a service needs.

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

-- The functions are chosen by name, because every version of PostgreSQL adds some; config/guards.py asks
-- by the same names whether this has been done.
DO $$
DECLARE
  stalls constant text := '^(lo_.*|loread|lowrite|pg_(try_)?advisory_.*|pg_sleep.*|pg_notify'
    '|pg_(terminate|cancel)_backend|pg_logical_.*|pg_export_snapshot|pg_.*replication_slot.*'
    '|pg_(clear|restore)_.*_stats|pg_import_system_collations|pg_nextoid)$';
  owner text := (SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database());
  keeper text;
  stall regprocedure;
BEGIN
  FOR stall IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ stalls
      AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                  WHERE a.grantee = 0)
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', stall);
  END LOOP;
  REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC;
  FOR keeper IN
    SELECT r.rolname FROM pg_roles r
    WHERE NOT r.rolsuper AND (r.oid = owner::regrole OR r.rolname = 'countersign_owner')
  LOOP
    FOR stall IN
      SELECT p.oid FROM pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ stalls
        AND p.proname !~ 'slot|pg_nextoid|pg_logical_slot|collations'
        AND NOT has_function_privilege(keeper, p.oid, 'EXECUTE WITH GRANT OPTION')
    LOOP
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I WITH GRANT OPTION', stall, keeper);
    END LOOP;
    EXECUTE format('GRANT USAGE ON LANGUAGE plpgsql TO %I', keeper);
  END LOOP;
END
$$;

-- Third, what a reader from outside may use up: connections, and room on the disk for sorting. A role may
-- change neither for itself.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_owner')
     AND current_setting('server_version_num')::int >= 150000
     AND NOT has_parameter_privilege('countersign_owner', 'temp_file_limit', 'SET') THEN
    GRANT SET ON PARAMETER temp_file_limit TO countersign_owner;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_public' AND rolconnlimit <> 30) THEN
    ALTER ROLE countersign_public CONNECTION LIMIT 30;
  END IF;
  IF EXISTS (SELECT FROM pg_roles r WHERE rolname = 'countersign_public'
             AND NOT EXISTS (SELECT FROM pg_db_role_setting d WHERE d.setrole = r.oid
               AND d.setdatabase = 0 AND 'temp_file_limit=262144' = ANY (d.setconfig))) THEN
    ALTER ROLE countersign_public SET temp_file_limit = 262144;
  END IF;
END
$$;
