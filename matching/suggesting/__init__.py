"""What the lists of suggested partners rest on, and what their pages show."""
