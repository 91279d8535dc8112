"""Pages of the matching app, a file for each kind of work."""
