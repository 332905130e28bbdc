"""The portal as a WSGI application. It does not start while a system check fails."""

import os

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnercenter.settings")
django.setup()
call_command("check")
application = get_wsgi_application()
