"""One file per resource: its path and query, and each field that is kept, with the reason.

A resource counts only where ``manifest.RESOURCES`` lists it; one that is not listed cannot leave.
"""
