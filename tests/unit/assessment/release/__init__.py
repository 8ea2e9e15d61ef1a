"""When a figure over people may change."""
