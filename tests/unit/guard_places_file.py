"""Writes a small database of places in MaxMind's format (MaxMind DB File Format Specification 2.0)."""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

Value = str | float | int | dict[str, "Value"] | list["Value"]
_MARK = b"\xab\xcd\xefMaxMind.com"
_MAP, _DOUBLE, _ARRAY, _UINT32, _UINT16, _TEXT = 7, 3, 11, 6, 5, 2


def _control(kind: int, size: int) -> bytes:
    assert size < 29
    return bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])


def _encoded(value: Value) -> bytes:
    if isinstance(value, str):
        return _control(_TEXT, len(value.encode())) + value.encode()
    if isinstance(value, float):
        return _control(_DOUBLE, 8) + struct.pack(">d", value)
    if isinstance(value, int):
        return _control(_UINT32, 4) + value.to_bytes(4, "big")
    if isinstance(value, list):
        return _control(_ARRAY, len(value)) + b"".join(_encoded(item) for item in value)
    pairs = b"".join(_encoded(name) + _encoded(item) for name, item in value.items())
    return _control(_MAP, len(value)) + pairs


def write_places(file: Path, networks: dict[str, Value]) -> None:
    """A database for IPv4 that has a record for each of NETWORKS (CIDR)."""
    nodes: list[list[int | None]] = [[None, None]]
    data, leaves = b"", {}
    for network, record in networks.items():
        parsed = ipaddress.IPv4Network(network)
        bits = f"{int(parsed.network_address):032b}"[: parsed.prefixlen]
        node = 0
        for bit in map(int, bits[:-1]):
            step = nodes[node][bit]
            if step is None:
                nodes.append([None, None])
                step = nodes[node][bit] = len(nodes) - 1
            node = step
        leaves[(node, int(bits[-1]))] = len(data)
        data += _encoded(record)
    tree = b"".join(
        _record(nodes, leaves, node, bit).to_bytes(4, "big") for node in range(len(nodes)) for bit in (0, 1)
    )
    metadata: dict[str, Value] = {
        "node_count": len(nodes),
        "record_size": 32,
        "ip_version": 4,
        "database_type": "Test-City",
        "languages": ["en"],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1_700_000_000,
        "description": {"en": "test"},
    }
    file.write_bytes(tree + b"\0" * 16 + data + _MARK + _encoded(metadata))


def _record(nodes: list[list[int | None]], leaves: dict[tuple[int, int], int], node: int, bit: int) -> int:
    if (node, bit) in leaves:
        return len(nodes) + 16 + leaves[node, bit]
    step = nodes[node][bit]
    return len(nodes) if step is None else step
