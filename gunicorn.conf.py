"""The web server, the same for ``make run`` and for production; driven by the environment."""

import gc
import os
from pathlib import Path
from typing import Any

wsgi_app = "dialog.wsgi:application"
bind = f"{os.environ.get('BIND_ADDRESS', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# The threads of a process share database connections; one more than threads never helps.
os.environ.setdefault("DATABASE_POOL_SIZE", str(threads))
# Load the code once and fork: quicker to start, and the processes share its memory.
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 15
# The heartbeat of the workers is a file; on a disk that stalls it would kill healthy workers.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
accesslog = os.environ.get("ACCESS_LOG") or None


def when_ready(server: Any) -> None:
    """Load the routes, and with them all pages, before the workers are forked."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - reading it loads them
    # What is loaded now stays for good: the collector need not look at it again and again,
    # which is most of the slowest requests' time otherwise.
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Collect garbage less often: a request makes many objects, and few of them in circles."""
    gc.set_threshold(10_000, 20, 20)
