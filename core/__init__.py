"""The cellar: mail, errors, API base classes, embedded servers. It imports no app."""
