"""The CA client: its verbs are on `CAClient`."""
