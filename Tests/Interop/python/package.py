"""The zip that Lambda gets, as `make package` made it."""

import os
import pathlib
import platform
import shutil
import zipfile

from local_aws import ROOT


def package():
    """`PROMOTER_PACKAGE`, a zip or a folder that holds what a zip does; else this machine's zip of the checkout."""
    named = os.environ.get("PROMOTER_PACKAGE")
    if named:
        path = pathlib.Path(named).resolve()
        assert path.exists(), f"PROMOTER_PACKAGE names {path}, which is not there"
        return path
    # Named as Lambda names the architecture, which for one of them is not as Linux does.
    architecture = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    path = ROOT / "dist" / f"promoter-{architecture}.zip"
    assert path.is_file(), f"{path} is not there: run make package"
    return path


def unpack(destination):
    """Unpacks the package as Lambda does, with the modes that the zip says, and returns its `bootstrap`."""
    source = package()
    destination = pathlib.Path(destination)
    if source.is_dir():
        shutil.copytree(source, destination, dirs_exist_ok=True)
    else:
        with zipfile.ZipFile(source) as archive:
            for entry in archive.infolist():
                # Python's own unpacking forgets the modes; without them Lambda could not execute it either.
                path = pathlib.Path(archive.extract(entry, destination))
                mode = entry.external_attr >> 16 & 0o777
                if mode:
                    path.chmod(mode)
    bootstrap = destination / "bootstrap"
    assert bootstrap.is_file(), f"{source} has no bootstrap at its top"
    # Lambda runs it as a user who owns none of it.
    assert bootstrap.stat().st_mode & 0o555 == 0o555, f"others may not execute the bootstrap of {source}"
    return bootstrap
