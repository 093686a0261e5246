"""What people prove themselves by besides a password: passkeys, codes of an app, recovery codes."""
