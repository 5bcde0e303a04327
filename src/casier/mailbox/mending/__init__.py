"""Mending what a killed store left behind: messages that JMAP doesn't know, messages delivered twice."""
