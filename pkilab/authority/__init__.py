"""The CA server: who may do what, in which order. Its verbs are on `CAServer`."""
