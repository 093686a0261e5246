-- What each role may do in the register. Applied after every migrate; everything else is denied.

REVOKE ALL ON SCHEMA register, pub FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA register, pub FROM PUBLIC, countersign_staff, countersign_public;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA register FROM PUBLIC, countersign_staff, countersign_public;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA register FROM PUBLIC, countersign_staff, countersign_public;

-- The staff process places editions. Nobody changes or removes one.
GRANT USAGE ON SCHEMA register, pub TO countersign_staff;
GRANT SELECT, INSERT ON register.register_live, register.register_embargo TO countersign_staff;
GRANT SELECT ON pub.decision TO countersign_staff;

-- The public process reads what is published and due, and can name nothing else.
REVOKE ALL ON SCHEMA register FROM countersign_public;
GRANT USAGE ON SCHEMA pub TO countersign_public;
GRANT SELECT ON pub.decision TO countersign_public;
