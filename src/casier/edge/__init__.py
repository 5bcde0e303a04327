"""What engines ask at run time: may this request, login, sender or address pass?

Reads only what the platform publishes in Redis (`kernel.published`); knows nothing of Django. Codecs are
apart from rules, rules apart from sockets.
"""
