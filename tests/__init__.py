"""The tests: one file per verb, the house itself in house/, journeys in a browser in journeys/."""
