"""How often somebody may do something that costs others."""

from django.core.cache import cache


def within(name: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one use of ``name`` by ``who``; False once ``limit`` is passed within ``seconds``.

    The window begins with the first use. Counted in the cache shared by all processes.
    """
    key = f"limit:{name}:{who}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= limit
    except ValueError:
        # The window ended between the two calls: this is the first use of the next one.
        cache.set(key, 1, seconds)
        return True
