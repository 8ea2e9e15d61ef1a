"""A product that was built to leak: what the search must catch before it is believed.

Nothing of it is in the product. `site/sitecustomize.py` is imported by every Python process that
has that folder on its path, and changes the product's functions in memory.
"""
