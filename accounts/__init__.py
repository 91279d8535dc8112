"""People: user, sign-in, second factor, language, API tokens."""
