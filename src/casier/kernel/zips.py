"""What reading a zip raises that somebody made or damaged."""

from __future__ import annotations

import lzma
import zipfile
import zlib

# Beside its own error zipfile passes on those of the methods of compression, and has others for methods that
# it doesn't know (NotImplementedError), for a password (RuntimeError) and for impossible fields (ValueError).
_OF_METHODS = (zlib.error, lzma.LZMAError)
DAMAGED = (zipfile.BadZipFile, *_OF_METHODS, EOFError, OSError, OverflowError, RuntimeError, ValueError)
