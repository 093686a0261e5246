"""The pages about people: `people` themselves, their `duties`, `offices` and `links`."""
