"""The admin center's forms, one module a noun."""
