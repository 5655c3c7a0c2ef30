"""Channels as large as conda-forge, repodata only, for benchmarks: real records and made-up ones around them."""

import hashlib
import json
import os
import random
import struct
from pathlib import Path

import zstandard

SUBDIRS = ("linux-64", "noarch")
SECTIONS = ("packages", "packages.conda")


def read(channel):
    """The records of a channel folder, by subdir and file name."""
    records = {}
    for subdir in SUBDIRS:
        document = json.loads((Path(channel) / subdir / "repodata.json").read_text())
        records[subdir] = {name: record for section in SECTIONS for name, record in document.get(section, {}).items()}
    return records


def enlarge(records, wanted):
    """Adds names that depend on each other and on python until there are as many records as wanted; always the same."""
    chance = random.Random(1)
    count = sum(map(len, records.values()))
    number = 0
    while count < wanted:
        number += 1
        count += add_name(records, number, chance)


def add_name(records, number, chance):
    name = f"made-up-{number:05d}"
    subdir = "noarch" if number % 3 == 0 else "linux-64"
    below = {int(number * chance.random() ** 3) for _ in range(chance.randint(0, 5))} - {0, number}
    pythons = (9, 10, 11, 12) if subdir == "linux-64" and number % 2 else (None,)
    versions = chance.randint(20, 60)
    for version in range(versions):
        for build_number, minor in enumerate(pythons):
            depends = [f"made-up-{other:05d} >={1 + version // 20}.0,<9.0a0" for other in sorted(below)]
            depends.append(f"python >=3.{minor},<3.{minor + 1}.0a0" if minor else "python >=3.8")
            record = {
                "name": name, "version": f"{1 + version // 10}.{version % 10}.{build_number}",
                "build": f"{f'py3{minor}' if minor else 'py'}h{number % 997:03d}_{build_number}",
                "build_number": build_number, "depends": depends, "license": "MIT", "size": 10000 + version,
                "subdir": subdir, "timestamp": 1_600_000_000_000 + version * 86_400_000 + build_number,
            }
            if subdir == "noarch":
                record["noarch"] = "python"
            file_name = f"{name}-{record['version']}-{record['build']}.conda"
            record["sha256"] = hashlib.sha256(file_name.encode()).hexdigest()
            record["md5"] = record["sha256"][:32]
            records[subdir][file_name] = record
    return versions * len(pythons)


def write(records, channel, sharded=False):
    """Writes repodata.json and repodata.json.zst, and with `sharded` the shards of CEP 16."""
    for subdir, own in records.items():
        folder = Path(channel) / subdir
        folder.mkdir(parents=True, exist_ok=True)
        if sharded:
            write_shards(own, folder, subdir)
            continue
        document = {"info": {"subdir": subdir}, **sections(own), "repodata_version": 1}
        text = json.dumps(document, separators=(",", ":")).encode()
        (folder / "repodata.json").write_bytes(text)
        (folder / "repodata.json.zst").write_bytes(zstandard.compress(text, 3))


def sections(own):
    return {
        "packages": {name: record for name, record in own.items() if name.endswith(".tar.bz2")},
        "packages.conda": {name: record for name, record in own.items() if name.endswith(".conda")},
    }


def write_shards(own, folder, subdir):
    by_name = {}
    for file_name, record in own.items():
        digests = {key: bytes.fromhex(record[key]) for key in ("sha256", "md5") if key in record}
        by_name.setdefault(record["name"], {})[file_name] = {**record, **digests}
    shards = {}
    for name, records in by_name.items():
        shard = zstandard.compress(packed({**sections(records), "removed": []}), 3)
        digest = hashlib.sha256(shard)
        (folder / "shards").mkdir(exist_ok=True)
        (folder / "shards" / f"{digest.hexdigest()}.msgpack.zst").write_bytes(shard)
        shards[name] = digest.digest()
    info = {"subdir": subdir, "base_url": "./", "shards_base_url": "./shards/", "created_at": "2025-01-01T00:00:00Z"}
    index = packed({"info": info, "version": 1, "shards": shards})
    (folder / "repodata_shards.msgpack.zst").write_bytes(zstandard.compress(index, 3))


def packed(value):
    """MessagePack of what repodata holds."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return struct.pack(">B", value) if 0 <= value < 128 else struct.pack(">Bq", 0xD3, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, bytes):
        return struct.pack(">BI", 0xC6, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return struct.pack(">BI", 0xDB, len(text)) + text
    if isinstance(value, dict):
        pairs = b"".join(packed(key) + packed(item) for key, item in value.items())
        return struct.pack(">BI", 0xDF, len(value)) + pairs
    return struct.pack(">BI", 0xDD, len(value)) + b"".join(map(packed, value))


def size(folder):
    return sum(os.path.getsize(path) for path in Path(folder).rglob("*") if path.is_file())
