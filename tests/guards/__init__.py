"""Attacks on the database, one for each guard in it: what each guard alone refuses."""
