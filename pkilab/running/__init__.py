"""Running a lab: its programs as processes that start, answer, come back when they die, and end together."""
