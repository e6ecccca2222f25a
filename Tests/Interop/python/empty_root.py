"""A root directory with the program, the C library, four files of settings and /proc, and nothing else.

It is what Lambda's image promises a custom runtime, and less: what the program finds here by chance it would miss
there.
"""

import os
import pathlib
import re
import shutil
import subprocess

from package import unpack

# The C library's own, by the names that programs are linked to, and the compiler's, which is part of every image.
PROMISED = re.compile(
    r"(libc|libm|libdl|libpthread|librt|libresolv|libgcc_s|libnss_files|libnss_dns)\.so\.\d+|ld-linux[\w-]*\.so\.\d+"
)


def needed_libraries(program):
    """The libraries that the loader takes for a program, by the names that it asks for."""
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in listing.splitlines():
        # "libc.so.6 => /lib/….so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)", "linux-vdso.so.1 (0x…)"
        words = line.split(" (")[0].split()
        if words and words[-1].startswith("/"):
            found[pathlib.Path(words[0]).name] = pathlib.Path(words[-1])
    return found


def command_for(root):
    """What starts a program in `root`, as root or within a user namespace of its own.

    /proc is there, as in every sandbox: the threads of the language's runtime look up their own state in it, and
    trap where they find none.
    """
    namespace = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    attempt = subprocess.run([*namespace, "--root", "/", "true"], capture_output=True, text=True)
    assert attempt.returncode == 0, (
        f"this test changes the root directory, which takes root or user namespaces, and neither is here:"
        f" {attempt.stderr} (sysctl kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns)"
    )
    # Bound and not mounted: a new one would take a namespace for process ids, too. It ends with the namespace.
    enter = 'mount --rbind /proc "$0/proc" && exec unshare --root "$0" --wd /var/task "$@"'
    return [*namespace, "sh", "-c", enter, root]


class EmptyRoot:
    def __init__(self, folder, authorities):
        """`authorities`: the text of the bundle of certification authorities."""
        self.root = pathlib.Path(folder)
        self.log = self.root.with_name("log")
        self.bootstrap = unpack(self.root / "var" / "task")
        # Lambda's image has its own files there, and the zip's other ones are licences.
        for path in self.bootstrap.parent.iterdir():
            if path != self.bootstrap:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        libraries = needed_libraries(self.bootstrap)
        strangers = sorted(name for name in libraries if not PROMISED.fullmatch(name))
        assert not strangers, f"the bootstrap needs what no image of Lambda promises: {strangers}"
        (c_library,) = [path for name, path in libraries.items() if name.startswith("libc.so")]
        # What the C library loads by itself, for names; in new ones that is part of it.
        modules = {path.name: path for path in c_library.parent.glob("libnss_*") if PROMISED.fullmatch(path.name)}
        for path in {**libraries, **modules}.values():
            copy = self.root / path.relative_to("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        (self.root / "proc").mkdir()
        self.write("etc/nsswitch.conf", "hosts: files\n")
        self.write("etc/resolv.conf", "")
        self.write("etc/hosts", "")
        self.write("etc/pki/tls/certs/ca-bundle.crt", authorities)

    def write(self, path, text):
        """Replaces a file at once: the program may be reading it."""
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_text(text)
        new.replace(path)

    def start(self, environment):
        with open(self.log, "wb") as output:
            return subprocess.Popen(
                [*command_for(self.root), "/var/task/bootstrap"],
                env={**environment, "PATH": os.environ["PATH"]},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
