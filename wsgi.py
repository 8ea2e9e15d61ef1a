"""What gunicorn serves."""

import os

from app.core.config import Config, load_env_file
from app.core.hygiene import leave_nothing
from app.core.logs import filter_python_output
from app.views.public.health import clear_first
from app.web import create_app

leave_nothing()
filter_python_output()
load_env_file()
app = create_app(Config.from_env(os.environ))
app.before_request(clear_first)
