"""The mail page: all that one sees of it, in the order in which it is looked at."""

from __future__ import annotations

from journeys.everywhere.bar_screens import BAR
from journeys.everywhere.folder_screens import BESIDE_FOLDERS, IN_FOLDERS
from journeys.everywhere.list_screens import LIST
from journeys.everywhere.reading_screens import READING
from journeys.everywhere.settings_screens import SETTINGS
from journeys.everywhere.trouble_screens import TROUBLE

MAIL = (*LIST, *BAR, *IN_FOLDERS, *READING, *BESIDE_FOLDERS, *SETTINGS, *TROUBLE)
