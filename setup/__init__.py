"""Set-up: what turns a bare machine into one that runs the two commands.

Nothing here is imported by the product. Production has PostgreSQL, libraries and keys of its own.
"""
