"""The API of the events app."""
