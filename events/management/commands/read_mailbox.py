"""Read our mailbox once: answers of calendar programs and mails that came back."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.mail.mailbox import MOST_AT_ONCE, MailboxError
from events.services import read_mailbox


class Command(BaseCommand):
    help = "Read the mailbox of IMAP_URL; what is not understood stays unread, with a note."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=MOST_AT_ONCE, help="read at most so many")
        parser.add_argument("--again", action="store_true", help="also mails noted before")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAP_URL:
            raise CommandError("IMAP_URL is not set: there is no mailbox to read.")
        try:
            reading = read_mailbox(most=options["most"], again=options["again"])
        except MailboxError as error:
            raise CommandError(f"The mailbox could not be read. {error}") from error
        if reading.is_busy:
            self.stdout.write("Another run is reading the mailbox.")
            return
        for what, number in sorted(reading.understood.items()):
            self.stdout.write(f"{what}: {number}")
        self.stdout.write(f"left unread, with a note: {reading.noted}")
        if reading.is_unfinished:
            self.stdout.write("More mails wait for the next run.")
