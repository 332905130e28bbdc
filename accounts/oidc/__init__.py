"""The portal as an OpenID Connect client, on mozilla-django-oidc with everything overridden that it leaves open."""
