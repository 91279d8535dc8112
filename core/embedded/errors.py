"""What can go wrong with the embedded servers."""


class EmbeddedError(RuntimeError):
    """The embedded servers cannot be had; the text is one sentence for the person who starts."""
