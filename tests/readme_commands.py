"""The commands that a README shows: those of its sh blocks, and those after `$` in its console blocks."""
import re
import shlex


def _is_whole(line):
    try:
        shlex.split(line, comments=True)
    except ValueError:  # an open quotation
        return False
    return not line.endswith("\\")


def _joined(lines):
    """Continued lines as one."""
    command = ""
    for line in lines:
        command = f"{command.removesuffix(chr(92))} {line.strip()}" if command else line
        if command and _is_whole(command):
            yield command
            command = ""


def _blocks(kind, text):
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def sh_commands(text):
    for block in _blocks("sh", text):
        yield from (line for line in _joined(block.splitlines()) if shlex.split(line, comments=True))


def console_commands(text):
    """What follows a command is what it prints: a line of that never begins with `$ `."""
    for block in _blocks("console", text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            yield next(_joined(part.splitlines()))
