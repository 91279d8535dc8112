"""1:1 meetings in words and lists: from rows to the solver, to pages, mails and files."""
