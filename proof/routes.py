"""`python -m proof.routes`: every address of the web application, as JSON."""

import json
import os
import sys
import tempfile

from app.core.config import Config
from app.web import create_app

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config.from_env({**os.environ, "TACIT_INSTANCE": folder}))
        rules = [
            [rule.rule, rule.endpoint]
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
        ]
    json.dump(rules, sys.stdout)
