"""Runs Terraform in a copy of the project's terraform folder, offline where the provider lies in a mirror."""

import glob
import json
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "terraform"
# GOGC of Terraform and its providers: a command reads 1500 schemas, and ends. It saves a seventh of the processor.
LESS_GARBAGE_COLLECTION = "400"


def plugin_folders():
    """Where the provider may be: nowhere in particular (the registry), TF_PLUGIN_DIR, or the first mirror found."""
    if "TF_PLUGIN_DIR" in os.environ:
        return [os.environ["TF_PLUGIN_DIR"]]
    mirrors = sorted(glob.glob("/registry.terraform.io") + glob.glob("/*/registry.terraform.io") + glob.glob("/*/*/registry.terraform.io"))
    return [None, *(str(Path(mirror).parent) for mirror in mirrors[:1])]


class Terraform:
    """One root module in a copy of its own, and the endpoint that all its calls go to."""

    def __init__(self, copy, module, endpoint):
        shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns(".terraform*", "terraform.tfstate*", "*.tfvars"))
        self.folder = Path(copy) / module
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(copy),
            "GOGC": LESS_GARBAGE_COLLECTION,
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            # What is not emulated is answered with a 500, which would be repeated for minutes.
            "AWS_MAX_ATTEMPTS": "2",
            "AWS_ENDPOINT_URL": endpoint,
        }

    def __call__(self, *arguments, accepted=(0,), timeout=600, **variables):
        environment = {**self.environment, **{f"TF_VAR_{name}": json.dumps(value) if not isinstance(value, str) else value for name, value in variables.items()}}
        result = subprocess.run(
            ["terraform", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=timeout
        )
        assert result.returncode in accepted, f"terraform {' '.join(arguments)}\n{result.stdout[-3000:]}\n{result.stderr[-6000:]}"
        return result

    def init(self):
        folders = plugin_folders()
        for number, folder in enumerate(folders, 1):
            last = number == len(folders)
            result = self("init", "-backend=false", "-no-color", *([] if folder is None else [f"-plugin-dir={folder}"]), accepted=(0,) if last else (0, 1))
            if result.returncode == 0:
                return

    def plan(self, *arguments, **variables):
        """The plan as JSON."""
        self("plan", "-no-color", "-out=plan", *arguments, **variables)
        return json.loads(self("show", "-json", "plan").stdout)
