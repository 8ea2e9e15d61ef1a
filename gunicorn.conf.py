"""How gunicorn serves Tacit. Every name here is one of its settings."""

import os
import runpy
from pathlib import Path

import gunicorn.http.wsgi

# The master has the environment with its keys, and never loads the application. Run as a file,
# for the project is not on the path yet.
runpy.run_path(str(Path(__file__).with_name("app") / "core" / "hygiene.py"))["leave_nothing"]()

# The answer names neither the server nor its version.
gunicorn.http.wsgi.SERVER = "Tacit"

bind = os.environ.get("TACIT_BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("TACIT_WEB_WORKERS") or "1")
threads = int(os.environ.get("TACIT_WEB_THREADS") or "8")
# Shorter than the supervisor's 10 s, so that a request in flight ends by itself.
graceful_timeout = 8
timeout = 60
# No access log: a request line carries OAuth codes; the app logs typed events of its own.
accesslog = None
loglevel = "warning"
control_socket_disable = True
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
