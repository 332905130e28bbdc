from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "entra.directory"
    label = "directory"
