"""Prints the packages of a conda-lock.yml as a pixi.lock of version 6: make-pixi-lock.py LOCK ENVIRONMENT

rattler reads it back, so that it is one that pixi could have written.
"""

import sys
import tempfile

import rattler
import yaml

lock, environment = sys.argv[1:]
packages = [package for package in yaml.safe_load(open(lock))["package"] if package["manager"] == "conda"]
channel = packages[0]["url"].rsplit("/", 2)[0]
document = {
    "version": 6,
    "environments": {
        environment: {
            "channels": [{"url": channel}],
            "packages": {packages[0]["platform"]: [{"conda": package["url"]} for package in packages]},
        }
    },
    "packages": [
        {
            "conda": package["url"],
            "sha256": package["hash"]["sha256"],
            "depends": [f"{name} {wanted}".strip() for name, wanted in package["dependencies"].items()],
        }
        for package in packages
    ],
}
text = yaml.safe_dump(document, sort_keys=False)
with tempfile.NamedTemporaryFile("w", suffix=".lock") as file:
    file.write(text)
    file.flush()
    assert rattler.LockFile.from_path(file.name).environment(environment)
print(text)
