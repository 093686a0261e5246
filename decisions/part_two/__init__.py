"""The confidential room: what is exempt from publication. `room` is the only way in."""
