"""What the domain says when a wish cannot be granted."""


class DomainError(Exception):
    """A rule of the domain forbids the wish; the text tells the person what to do instead.

    ``message`` is translated text, ``field`` the form field or API attribute it belongs to
    (empty for the whole), ``code`` a stable word for API consumers.
    """

    def __init__(self, message: str, *, field: str = "", code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return str(self.message)
