"""What the executable contains of others: from the files that its link opened to packages, licences and a bill of materials."""

import hashlib
import json
import os
import re
import subprocess
import uuid
from pathlib import Path

# What a package's archives and headers are under, as far as they are linked in. NOTICE says the same to people.
LICENCES = (
    (r"(lib)?(lld|llvm)-\d+(-dev)?", "Apache-2.0 WITH LLVM-exception"),
    (r"libabsl-dev", "Apache-2.0"),
    (r"libfmt-dev", "MIT"),
    (r"libzstd-dev", "BSD-3-Clause"),
    (r"zlib1g-dev", "Zlib"),
    (r"libc6-dev", "LGPL-2.1-or-later"),
    (r"lib(gcc|stdc\+\+)-\d+-dev(-\w+-cross)?", "GPL-3.0-or-later WITH GCC-exception-3.1"),
)


class Problem(Exception):
    """What keeps a release from being made: the first argument says it, the second what can be done."""


class Component:
    def __init__(self, name, version, licence, url, texts):
        self.name, self.version, self.licence, self.url = name, version, licence, url
        self.texts = texts  # files with licence texts
        self.files = set()


def dpkg_query(database, *arguments):
    done = subprocess.run(
        ["dpkg-query", f"--admindir={database}", *arguments], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )
    return done.stdout if done.returncode == 0 else ""


def distribution(root):
    """The qualifier of package URLs, such as debian-12, and the name that Debian's or a derivative's packages have there."""
    for place in (root / "etc/os-release", Path("/etc/os-release")):
        if place.exists():
            fields = dict(re.findall(r'^(\w+)="?([^"\n]*)', place.read_text(), re.M))
            return fields.get("ID", "debian"), f"{fields.get('ID', 'debian')}-{fields.get('VERSION_ID', '')}".rstrip("-")
    return "debian", "debian"


def component_of_package(path, sysroot):
    """The installed package that has this file."""
    inside = sysroot and path.is_relative_to(sysroot)
    root = sysroot if inside else Path("/")
    database = root / "var/lib/dpkg"
    name = "/" + str(path.relative_to(root))
    names = [name]
    # With a merged /usr a package may have the file under either name.
    names.append(name[4:] if name.startswith("/usr/lib/") else "/usr" + name)
    for candidate in names:
        found = dpkg_query(database, "-S", candidate)
        if found:
            break
    else:
        raise Problem(f"no installed package has {path}, which is linked into the executable",
                      "a release is made of a distribution's packages, whose versions and licences dpkg knows")
    package = found.split(": ")[0].split(",")[0]
    version, architecture = dpkg_query(database, "-W", "-f", "${Version} ${Architecture}", package).split()
    package = package.split(":")[0]
    for pattern, licence in LICENCES:
        if re.fullmatch(pattern, package):
            break
    else:
        raise Problem(f"no licence is known for package {package}, which has {path}",
                      "add it to LICENCES in release/contents.py, and to NOTICE")
    vendor, release = distribution(root)
    quoted = version.replace(":", "%3A").replace("+", "%2B")
    url = f"pkg:deb/{vendor}/{package.replace('+', '%2B')}@{quoted}?arch={architecture}&distro={release}"
    text = root / "usr/share/doc" / package / "copyright"
    if not text.exists():
        raise Problem(f"{text} is missing: the licence of {package}",
                      "this machine's dpkg leaves out documentation (path-exclude in /etc/dpkg/dpkg.cfg.d); install the package again with it")
    return Component(package, version, licence, url, [text])


def version_in(path, pattern):
    found = re.search(pattern, path.read_text(errors="replace"))
    if not found:
        raise Problem(f"{path} does not say its version", "release/contents.py looks there for it")
    return found[1]


def component_of_build(path, build):
    """What was built here from sources that cargo fetched; None for our own."""
    if path.name == "libisa_l.a":
        version = version_in(build / "isa-l/Release_notes.txt", r"v([0-9.]+) Intel")
        return Component("isa-l", version, "BSD-3-Clause", f"pkg:github/intel/isa-l@v{version}", [build / "isa-l/LICENSE"])
    if path.is_relative_to(build / "zlib-ng"):
        version = version_in(path.parent.parent / "include/zlib.h", r'define ZLIBNG_VERSION "([0-9.]+)')
        return Component("zlib-ng", version, "Zlib", f"pkg:github/zlib-ng/zlib-ng@{version}", [build / "zlib-ng/LICENSE.md"])
    return None


def components(build, cache):
    """All that is linked in and is not ours, by name."""
    listing = build / "cgo-ld-shim.d"
    if not listing.exists():
        raise Problem(f"{listing} is missing, where the linker says what it has read", "build the target cgo-ld-shim again")
    rule = listing.read_text().split("\n\n")[0].replace("\\\n", " ").split(": ", 1)[1]
    sysroot = Path(cache["CGO_LD_SHIM_SYSROOT"]) if cache.get("CGO_LD_SHIM_SYSROOT") else None
    files = {Path(os.path.normpath(build / name)) for name in rule.split()}
    files.add(Path(cache["fmt_DIR"]) / "fmt-config.cmake")  # compiled in from its headers
    found = {}
    for path in sorted(files):
        component = component_of_build(path, build) if path.is_relative_to(build) else component_of_package(path, sysroot)
        if component:
            component = found.setdefault(component.name, component)
            if path.suffix in (".a", ".o"):
                component.files.add(path.name)
    return [found[name] for name in sorted(found)]


def licence_texts(parts):
    """{file name: text}: of each component, and what those texts refer to in /usr/share/common-licenses."""
    texts = {}
    for part in parts:
        for path in part.texts:
            texts[part.name] = path.read_bytes()
    for name in sorted({m.rstrip(".") for text in list(texts.values())
                        for m in re.findall(r"/usr/share/common-licenses/([\w.+-]+)", text.decode(errors="replace"))}):
        common = Path("/usr/share/common-licenses") / name
        if common.exists():
            texts[f"common-licenses/{name}"] = common.read_bytes()
    return texts


def bill(parts, version, architecture, executable, time):
    """CycloneDX 1.5. Its identity is a hash of what it says, so that the same executable has the same bill."""
    def licences(expression):
        return [{"expression": expression}]

    def reference(part):
        return f"component-{part.name}"

    root = {
        "type": "application", "bom-ref": "cgo-ld-shim", "name": "cgo-ld-shim", "version": version,
        "licenses": licences("Apache-2.0 WITH LLVM-exception"),
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(executable).hexdigest()}],
        "properties": [{"name": "cgo-ld-shim:platform", "value": f"linux/{architecture}"}],
    }
    listed = [{
        "type": "library", "bom-ref": reference(part), "name": part.name, "version": part.version,
        "licenses": licences(part.licence), "purl": part.url,
        "properties": [{"name": "cgo-ld-shim:file", "value": name} for name in sorted(part.files)],
    } for part in parts]
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": time, "component": root},
        "components": listed,
        "dependencies": [{"ref": "cgo-ld-shim", "dependsOn": [reference(part) for part in parts]}],
    }
    identity = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    document["serialNumber"] = f"urn:uuid:{identity}"
    return (json.dumps(document, indent=2) + "\n").encode()
