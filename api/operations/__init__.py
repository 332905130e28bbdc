"""The rows of the registry, one module a resource."""

from api.operations import customers, profiles

OPERATIONS = [*customers.OPERATIONS, *profiles.OPERATIONS]
