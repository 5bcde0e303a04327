from __future__ import annotations

import configparser
from pathlib import Path

from casier.boot.start import certificate_names
from casier.engines.engine import Facts, Program
from casier.engines.parts import PARTS
from casier.engines.supervise.programs import supervisord_config
from casier.kernel.instance import Instance

INSTANCE = Instance(Path("/tmp/i"), 100)


def section(program: Program) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser()
    parser.read_string(supervisord_config(INSTANCE, [program]))
    return parser[f"program:{program.name}"]


def test_a_part_is_restarted_for_ever_and_its_family_is_killed_with_it() -> None:
    values = section(Program("one", ("/bin/one", "a b"), user="redis"))
    assert (values["autorestart"], values["killasgroup"]) == ("true", "true")
    assert int(values["startretries"]) > 10**6
    assert values["command"].endswith("--user redis --open-files 65536 -- /bin/one 'a b'")


def test_percent_signs_are_the_supervisors_own() -> None:
    assert section(Program("one", ("/bin/one", "50%")))["command"].endswith("50%%")


def test_the_order_of_parts_has_no_gap_and_no_circle() -> None:
    started: set[str] = set()
    for part in PARTS:
        assert set(part.after) <= started, part.name
        started.add(part.name)


def test_the_certificate_covers_hosts_and_what_mail_programs_try() -> None:
    names = certificate_names(Facts(domains=("ac-a.fr",), hosts=("a.localhost", "localhost")))
    assert names == [
        "a.localhost",
        "ac-a.fr",
        "autoconfig.ac-a.fr",
        "imap.ac-a.fr",
        "localhost",
        "smtp.ac-a.fr",
    ]
