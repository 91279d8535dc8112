"""The doors of the events app, one file for each kind of page."""
