"""`tacit`: one module per group of commands; `commands` has them all."""
