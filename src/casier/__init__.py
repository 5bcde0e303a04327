"""Casier: the mail platform of an education authority."""

__version__ = "0.1.0"
