#!/usr/bin/env python3
"""Guards over the tree: each prints what breaks a rule of the house and fails. `guards.py NAME` runs one of them,
`guards.py --self-test` shows that each refuses what it is for."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "README.md", "agent", "probes", "container", "task-def-examples",
             "tests"}
MAX_LINES = 400
# Tables may be as long as what they list.
LONG_TABLES = {"agent/aws/ecs_messages.cc", "tests/scenarios/scenarios_test.cc"}
VAGUE = re.compile(r"(^|_|-)(utils?|helpers?|managers?|commons?|misc|stuff)([_.-]|$)")
# One wrapped C library per file, and one place for each large C++ one.
WRAPPED = {
    "ares.h": {"probes/dns_message.cc"},
    "openssl/": {"probes/handshake.cc", "probes/certificate_chain.cc", "probes/base64.cc", "probes/sha256.cc"},
    "curl/": {"probes/loop.cc", "probes/http.cc"},
    "spdlog/": {"agent/base/log.cc"},
    "CLI/": {"agent/cli/parse_options.cc"},
    "yaml.h": {"agent/base/yaml.cc"},
    "pugixml": {"agent/calls/xml_answer.cc"},
}
# From the top down. README.md of agent/ says what lives in each.
ROOMS = ["cli", "delivery", "render", "doctor", "explain", "diagnosis", "image", "calls", "plan", "task", "aws", "base"]
REGISTRIES = re.compile(
    r"\b(deb|security|snapshot|ftp)\.debian\.org\b|\bpypi\.org\b|\bfiles\.pythonhosted\.org\b|\bregistry\.npmjs\.org\b|"
    r"\bcrates\.io\b|\bproxy\.golang\.org\b|\brubygems\.org\b|\bconan\.io\b|\barchive\.ubuntu\.com\b|\bghcr\.io\b")
MACHINE_PATH = re.compile(r"(^|[^\w./$}-])/(work|home|root|farm|mnt|Users)/\w")
# agent/README.md, "Words". "Way" is a manner, never what packets take.
RETIRED = re.compile(
    r"\b(mend|mends|mended|mending|whereto|unasked|nobody|(tells?|telling|told) (\w+ ){0,3}apart|on the way|"
    r"way out|way back|(a|no|the|that|any) way to (the internet|AWS|the host|S3|any|anything)|both ways are|way closed|"
    r"the way the traffic|other way round)\b", re.IGNORECASE)
# Foreign texts, and what says which words are retired.
MAY_SAY_RETIRED = re.compile(r"^tests/(golden|fuzz/corpus|agent/explain/corpus)|^tests/tree/guards\.py$|\.(tsv|pem)$")
AWAIT_PLACE = re.compile(r"^\s*(?:[\w:<>&*,\[\] .]+(?:->\w+)*\s*=\s*)?co_await\s+\w+\s*;")


def tracked():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=TOP,
                            capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in listed if name and (TOP / name).is_file()]


def text_of(name):
    try:
        return (TOP / name).read_text()
    except UnicodeDecodeError:
        return ""


def cpp_files():
    return [name for name in tracked() if name.endswith((".cc", ".h"))]


def code_lines(name):
    """Lines with comments and string contents blanked, so that prose may speak of anything."""
    for number, line in enumerate(text_of(name).split("\n"), 1):
        yield number, re.sub(r"//.*", "", re.sub(r'"(\\.|[^"\\])*"', '""', line))


def matches(pattern, names, lines=None):
    for name in names:
        for number, line in (lines(name) if lines else enumerate(text_of(name).split("\n"), 1)):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()}"


def top_level():
    for first in sorted({name.split("/")[0] for name in tracked()}):
        if first not in TOP_LEVEL and not first.startswith("."):
            yield f"{first}: not one of {' '.join(sorted(TOP_LEVEL))}"


def file_length():
    lengths = {name: text_of(name).count("\n") for name in tracked() if name.endswith((".cc", ".h", ".py", ".cmake", ".sh"))}
    for name, count in lengths.items():
        if count > MAX_LINES and name not in LONG_TABLES:
            yield f"{name}: {count} lines, at most {MAX_LINES}"
    for name in sorted(LONG_TABLES):
        if lengths.get(name, 0) <= MAX_LINES:
            yield f"{name}: needs no exception in LONG_TABLES"


def names():
    for name in tracked():
        if any(VAGUE.search(part) for part in name.split("/")):
            yield f"{name}: says nothing of what is in it"


def wrapped_libraries():
    for name in cpp_files():
        if name.startswith("tests/"):
            continue
        for number, line in enumerate(text_of(name).split("\n"), 1):
            header = re.match(r"\s*#\s*include\s*[<\"]([^>\"]+)", line)
            for library, allowed in WRAPPED.items():
                if header and header[1].startswith(library) and name not in allowed:
                    yield f"{name}:{number}: only {' and '.join(sorted(allowed))} may include <{header[1]}>"


def rooms():
    """A room of agent/ includes what stands below it in this list, never what stands above; probes/ includes none."""
    for name in cpp_files():
        floor = ROOMS.index(name.split("/")[1]) if name.startswith("agent/") and name.count("/") > 1 else len(ROOMS)
        if name.startswith("tests/") or name == "agent/main.cc":
            continue
        for number, line in enumerate(text_of(name).split("\n"), 1):
            header = re.match(r'\s*#\s*include\s*"agent/(\w+)/', line)
            if header and (ROOMS.index(header[1]) < floor or name.startswith("probes/")):
                yield f"{name}:{number}: includes a room above its own: {line.strip()}"


def bare_await():
    """g++ 12 miscompiles temporaries, conditionals and braces in an awaiting expression."""
    for name in cpp_files():
        for number, line in code_lines(name):
            if "co_await" in line and not AWAIT_PLACE.search(line):
                yield f"{name}:{number}: co_await wants a bare name, alone: {line.strip()}"


def no_coroutine_lambdas():
    """A coroutine lambda's captures die before its frame does."""
    opening = re.compile(r"\[[^\[\]]*\]\s*(\([^()]*\))?\s*(mutable\s*)?(->\s*[\w:<>]+\s*)?\{")
    for name in cpp_files():
        text = "\n".join(line for _, line in code_lines(name))
        for start in opening.finditer(text):
            depth, end = 1, start.end()
            while depth and end < len(text):
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            if re.search(r"\bco_(await|return|yield)\b", text[start.end():end]):
                yield f"{name}:{text.count(chr(10), 0, start.start()) + 1}: a lambda that is a coroutine"


def one_thread():
    """The static binary's OpenSSL is built without locks (container/static-libraries). The threads that answer askers
    and draw the status line while a round runs touch no library."""
    own_threads = {"probes/notice.cc", "agent/cli/progress.cc", "agent/cli/progress.h"}
    return matches(re.compile(r"\bstd::(thread|jthread|async)\b|\bpthread_create\b"),
                   [name for name in cpp_files() if not name.startswith("tests/") and name not in own_threads], code_lines)


def no_registry_names():
    return matches(REGISTRIES, [name for name in tracked() if name != "tests/tree/guards.py"])


def no_machine_paths():
    return matches(MACHINE_PATH, [name for name in tracked() if name != "tests/tree/guards.py"])


def retired_words():
    return matches(RETIRED, [name for name in tracked() if not MAY_SAY_RETIRED.search(name)])


def named_paths():
    """What the READMEs of the tree name in backquotes exists."""
    for name in ("agent/README.md", "tests/README.md", "container/README.md"):
        for number, line in enumerate(text_of(name).split("\n"), 1):
            for path in re.findall(r"`((?:agent|probes|tests|container|task-def-examples)/[\w./-]*)", line):
                if not (TOP / path).exists():
                    yield f"{name}:{number}: there is no {path}"


def executables():
    """Scripts that users start have the run bit; sources have not."""
    for name in tracked():
        runs = bool((TOP / name).stat().st_mode & 0o100)
        script = text_of(name).startswith("#!")
        if runs != script:
            yield f"{name}: {'has a run bit and no #! line' if runs else 'has a #! line and no run bit'}"


def one_type_of_a_name():
    """All types share one namespace: two of one name are one to the linker, which takes a function of either."""
    seen = {}
    for name in cpp_files():
        if not name.endswith(".h") or name.startswith("tests/"):
            continue
        for number, line in enumerate(text_of(name).split("\n"), 1):
            kind = re.match(r"(?:struct|class|enum class) (\w+)(?: final)?(?: ?:[^;]*)? ?\{", line)
            if kind and seen.setdefault(kind[1], f"{name}:{number}") != f"{name}:{number}":
                yield f"{name}:{number}: {kind[1]} is also at {seen[kind[1]]}"


GUARDS = {guard.__name__: guard for guard in (top_level, file_length, names, wrapped_libraries, rooms, bare_await,
                                              no_coroutine_lambdas, one_thread, no_registry_names, no_machine_paths,
                                              retired_words, named_paths, executables, one_type_of_a_name)}

# For each guard a file that it must refuse: (path, contents).
OFFENCES = {
    "top_level": ("attic/old.txt", ""),
    "file_length": ("agent/aws/long.cc", "\n" * (MAX_LINES + 1)),
    "names": ("agent/base/string_utils.h", ""),
    "wrapped_libraries": ("agent/base/text.cc", "#include <openssl/ssl.h>\n"),
    "rooms": ("agent/base/text.cc", '#include "agent/cli/help.h"\n'),
    "bare_await": ("probes/probe.cc", "int x = co_await read(socket);\n"),
    "no_coroutine_lambdas": ("probes/probe.cc", "auto f = [] { co_return; };\n"),
    "one_thread": ("probes/probe.cc", "std::thread thread;\n"),
    "no_registry_names": ("tests/install", "curl https://" + "deb.debian" + ".org/\n"),
    "no_machine_paths": ("tests/install", "cd " + "/ho" + "me/somebody\n"),
    "retired_words": ("README.md", "A firewall on the way mends it.\n"),
    "named_paths": ("agent/README.md", "See `agent/cli/gone.cc`.\n"),
    "executables": ("tests/install", "#!/bin/sh\n"),
    "one_type_of_a_name": ("probes/notice.h", "struct Notice {};\nclass Notice {};\n"),
}


def self_test():
    """Each guard refuses the offence that is planted for it, and prints where it is."""
    global TOP
    missed = [name for name in GUARDS if name not in OFFENCES]
    for name, (path, contents) in OFFENCES.items():
        with tempfile.TemporaryDirectory() as folder:
            TOP = Path(folder)
            subprocess.run(["git", "init", "--quiet", folder], check=True)
            (TOP / path).parent.mkdir(parents=True, exist_ok=True)
            (TOP / path).write_text(contents)
            if not any(line.startswith(path.split("/")[0] if name == "top_level" else path) for line in GUARDS[name]()):
                missed.append(name)
    return [f"{name}: misses its planted offence" for name in missed]

if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print(";".join(GUARDS), end="")
        sys.exit(0)
    if sys.argv[1:] == ["--self-test"]:
        problems = self_test()
        print("\n".join(problems) or f"{len(OFFENCES)} planted offences refused")
        sys.exit(1 if problems else 0)
    broken = [line for name in sys.argv[1:] or GUARDS for line in GUARDS[name]()]
    print("\n".join(broken))
    sys.exit(1 if broken else 0)
