"""Writes a wheel with one module and one command that says where it is: make-wheel.py NAME VERSION FOLDER REQUIRES...

What begins with a plus sign, +PATH=TEXT, is a file more.
"""

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

name, version, folder, *more = sys.argv[1:]
requires = [word for word in more if not word.startswith("+")]
added = dict(word[1:].split("=", 1) for word in more if word.startswith("+"))
info = f"{name}-{version}.dist-info"
metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "License: MIT"]
metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
files = {
    f"{name}.py": f"def main():\n    print('{name} of', __file__)\n",
    f"{info}/METADATA": "\n".join(metadata) + "\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: make-wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    **added,
}


def row(path, text):
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(text)}\n"


record = "".join(row(path, text) for path, text in files.items()) + f"{info}/RECORD,,\n"
with zipfile.ZipFile(Path(folder) / f"{name}-{version}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
    for path, text in {**files, f"{info}/RECORD": record}.items():
        wheel.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text)
