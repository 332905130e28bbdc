"""Documents made of billing data."""
