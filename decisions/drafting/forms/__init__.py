"""The forms of the subjects: one file for each group of the task list."""
