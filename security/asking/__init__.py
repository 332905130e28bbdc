"""Asking people by mail to register a verification method (Q5). Nothing is removed from anybody, no policy changes."""
