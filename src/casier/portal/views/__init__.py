"""The portal's pages: parse, check access, act, answer."""
