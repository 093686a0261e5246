"""The pages of the verbs, of a paper, and of a person's own work."""
