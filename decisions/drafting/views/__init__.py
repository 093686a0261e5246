"""The pages on which a paper is drafted."""
