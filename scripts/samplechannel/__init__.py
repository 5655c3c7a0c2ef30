"""A conda channel made of what a developer's machine has: its CPython, PyPI wheels and a C compiler.

    condapackage   one package in memory, and its `.conda` and `.tar.bz2` forms
    interpreter    the machine's CPython as the `python` package
    libraries      the shared libraries that the other packages need
    wheels         PyPI wheels as conda packages
    native         a compiled program that exercises prefix replacement and link scripts
    repodata       the index of the finished channel

Everything here is written without the tool it feeds, so a mistake in one does not hide in the other.
"""
