#!/usr/bin/env python3
"""Reads an ELF file and prints every hardening measure that it lacks, one a line; fails if there is one.

usage: hardening.py BINARY      BINARY of a preset `static…`: compile_commands.json stands beside it
       hardening.py --self-test a program linked without them lacks what it must lack
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
# Marks in code. x86-64: the canary at %fs:0x28 loaded or compared; endbr64. AArch64: paciasp and bti c.
CODE = {
    "x86_64": {"stack-protector": rb"\x64\x48[\x8b\x2b\x33\x3b].\x25\x28\0\0\0", "branch targets": rb"\xf3\x0f\x1e\xfa"},
    "aarch64": {"return addresses signed": rb"\x3f\x23\x03\xd5", "branch targets": rb"[\x3f\x5f][\x23\x24]\x03\xd5"},
}
ENOUGH = 1000  # functions with the mark: more than the assembler files of OpenSSL have
MESSAGES = {"stack-protector": b"stack smashing detected", "_FORTIFY_SOURCE": b"buffer overflow detected"}


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def processor(binary):
    return {"Advanced Micro Devices X86-64": "x86_64", "AArch64": "aarch64"}[
        re.search(r"Machine:\s+(.*)", readelf("--file-header", binary))[1]]


def segments(binary):
    row = re.compile(r"^\s+(\w+)\s+0x(\w+) 0x\w+ 0x\w+ 0x(\w+) 0x\w+ ([R ][W ][E ])", re.M)
    return [(kind, int(offset, 16), int(size, 16), flags)
            for kind, offset, size, flags in row.findall(readelf("--program-headers", binary))]


def lacking_layout(binary):
    loaded = segments(binary)
    flags = "".join(re.findall(r"\((?:FLAGS|FLAGS_1)\)(.*)", readelf("--dynamic", binary)))
    if "Type:                              DYN" not in readelf("--file-header", binary) or "PIE" not in flags:
        yield "PIE"
    if "NOW" not in flags:
        yield "BIND_NOW"
    if not any(kind == "GNU_RELRO" for kind, *_ in loaded):
        yield "RELRO"
    if not any(kind == "GNU_STACK" and "E" not in rights for kind, _, _, rights in loaded):
        yield "NX: a stack that is not executable"
    if any(kind == "LOAD" and "W" in rights and "E" in rights for kind, _, _, rights in loaded):
        yield "W^X: no segment both writable and executable"
    if any(kind == "LOAD" and "E" in rights and offset == 0 for kind, offset, _, rights in loaded):
        yield "separate code: headers outside the executable segment"


def lacking_code(binary):
    content = pathlib.Path(binary).read_bytes()
    code = b"".join(content[offset:offset + size] for kind, offset, size, rights in segments(binary)
                    if kind == "LOAD" and "E" in rights)
    for measure, mark in CODE[processor(binary)].items():
        count = len(re.findall(mark, code, re.S))
        if count < ENOUGH:
            yield f"{measure}: {count} marks in the code, fewer than {ENOUGH}"
    for measure, message in MESSAGES.items():
        if message not in content:
            yield f"{measure}: its message is not in the file"


def lacking_note(binary):
    """IBT, SHSTK and BTI are marked for the whole file only where every object has the mark, the C library's too."""
    compiler = processor(binary) + "-linux-gnu-gcc"
    library = subprocess.run([compiler if shutil.which(compiler) else "gcc", "-print-file-name=libc.a"],
                             capture_output=True, text=True, check=True).stdout.strip()
    for mark in ("IBT", "SHSTK") if processor(binary) == "x86_64" else ("BTI",):
        members = readelf("--notes", library).split("\nFile: ")[1:]
        if members and all(mark in member for member in members) and mark not in readelf("--notes", binary):
            yield f"{mark}: libc.a has the mark, the file has not"


def lacking_flags(binary):
    """What leaves no mark in code, and where the libraries got it: OpenSSL keeps its compiler's flags as a text."""
    rows = [line.split() for line in (TOP / "container/hardening.txt").read_text().splitlines()]
    flags = [flag for first, *rest in filter(None, rows) if first in ("all", processor(binary)) for flag in rest]
    openssl = re.search(rb"compiler: [^\0]*", pathlib.Path(binary).read_bytes())
    commands = json.loads((pathlib.Path(binary).parent / "compile_commands.json").read_text())
    for flag in flags:
        if not openssl or flag.encode() not in openssl[0]:
            yield f"{flag}: OpenSSL was compiled without"
        without = [entry["file"] for entry in commands if flag not in entry["command"].split()]
        if without:
            yield f"{flag}: {len(without)} of our files were compiled without, {without[0]} first"


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        source, weak = pathlib.Path(folder, "weak.c"), pathlib.Path(folder, "weak")
        source.write_text("int main(void) { return 0; }\n")
        subprocess.run(["gcc", "-no-pie", "-Wl,-z,norelro,-z,lazy,-z,execstack,-z,noseparate-code", source, "-o", weak], check=True)
        found = {line.split(":")[0] for line in (*lacking_layout(weak), *lacking_code(weak))}
        wanted = {"PIE", "BIND_NOW", "RELRO", "NX", "separate code", *CODE[processor(weak)], *MESSAGES}
        return sorted(wanted ^ found)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lacking = self_test() if sys.argv[1] == "--self-test" else [
        line for read in (lacking_layout, lacking_code, lacking_note, lacking_flags) for line in read(sys.argv[1])]
    print("\n".join(lacking) or "nothing is missing")
    sys.exit(1 if lacking else 0)
