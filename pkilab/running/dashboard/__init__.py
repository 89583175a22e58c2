"""One application of the dashboards: Voilà with few doors, each of which looks at who comes."""
