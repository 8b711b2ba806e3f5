"""A command in the task of a scenario, whose VPC can be changed while it runs."""
import fcntl
import json
import subprocess

from vpc import control, start


class Running:
    def __init__(self, name, *command):
        start.prepare()
        self.control = control.Outside()
        inside = self.control.inside
        environment = {**start.task_environment(), control.CHANNEL: str(inside.fileno())}
        self.process = subprocess.Popen(start.task_command(name, list(command)), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        pass_fds=[inside.fileno()], env=environment)
        # Reports are read at the end, and the probe gives up a reader that takes nothing: the pipe holds them all.
        fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
        inside.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.control.close()

    def report(self):
        """The next report it writes."""
        return json.loads(self.process.stdout.readline())

    def reports_until(self, exit_code):
        """Its reports up to the first with this exit code: a change of the VPC may fall into the middle of a round."""
        told = [self.report()]
        while told[-1]["exit_code"] != exit_code:
            told.append(self.report())
        return told

    def end(self):
        """Exit status and the reports that were not read."""
        stdout, self.stderr = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in stdout.splitlines()]

    def ask(self, url, *more):
        """What curl in the task gets there."""
        done = self.control.tell(run=["curl", "--silent", "--show-error", "--fail-with-body", *more, url])
        return done["stdout"] if done["status"] == 0 else done["stderr"]
