"""The pages of the register, one file for each subject."""
