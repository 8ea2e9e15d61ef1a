"""`python -m app.cli`: the same as `tacit`, wherever the script lies."""

from app.cli.commands import main

main(prog_name="tacit")
