"""What gunicorn serves."""

import os

from app.core.config import Config, load_env_file
from app.core.hygiene import leave_nothing
from app.core.logs import gate_python
from app.views.public.health import clear_first
from app.web import create_app

leave_nothing()
gate_python()
load_env_file()
app = create_app(Config.from_env(os.environ))
app.before_request(clear_first)
