"""Security alerts: `rules` judges values; the watches read what is new and ask it; `finding` keeps its answers once."""
