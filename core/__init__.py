"""The cellar: mail, errors, access helpers, API base classes, embedded servers. It imports no app."""
