"""Bulk changes from a CSV file: read, checked row by row against the directory, then carried out by the loop."""
