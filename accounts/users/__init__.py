"""User management (requirement M8): the people of the directory, their roles and their access, over `msgraph`."""
