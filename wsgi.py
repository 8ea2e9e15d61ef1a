"""What gunicorn serves."""

import os

from app import create_app
from app.config import Config, load_env_file

load_env_file()
app = create_app(Config.from_env(os.environ))
