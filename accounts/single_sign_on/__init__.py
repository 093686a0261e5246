"""Coming in through an OpenID provider: who is there already, and nobody else."""
