"""The pages of user management (requirement M8)."""
