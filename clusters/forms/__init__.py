"""Forms of the clusters app, one file a noun."""
