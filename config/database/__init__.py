"""The database engine of every process: Django's own for PostgreSQL, with errors that tell less."""
