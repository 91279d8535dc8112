"""What pages and mails of introductions show: people, dates, texts, and how far pairs got."""
