"""Doors for programs, a file for each noun."""
