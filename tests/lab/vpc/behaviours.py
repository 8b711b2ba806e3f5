"""What can stand at an address instead of AWS: a name for each, its port, and who serves it.

`aws` and the nginx behaviours are blocks of one nginx; the faults are one process, servers/faults.py. Some take a
number: `stall-after:600` stops after 600 bytes of AWS's answer.
"""
NGINX = {  # name: (certificate or none for the region's, extra directives, answers like AWS)
    "expired": ("expired", "", True),
    "not-yet-valid": ("not-yet-valid", "", True),
    "wrong-name": ("wrong-name", "", True),
    "intercepted": ("intercepted", "", True),
    "tls-1.1-only": (None, 'ssl_protocols TLSv1 TLSv1.1; ssl_ciphers "ALL:@SECLEVEL=0";', True),
    "tls-1.2-only": (None, "ssl_protocols TLSv1.2;", True),
    "captive-portal": (None, "", False),
    "clock": (None, "", True),
}
FAULTS = {"tls-silent", "tls-reset", "tls-closed", "not-tls", "tls-alert", "tls-garbage", "reset-names", "http-silent", "http-drip",
          "http-endless", "http-garbage", "http-closed", "http-reset", "stall-after", "reset-after", "close-after"}
SERVICES = {"cloudwatch-logs": "cloudwatch_logs.py"}  # each a server of its own
CLOSED = "closed"
FIRST_PORT = 8400


class Plan:
    """Which address has which behaviour, and the port each behaviour gets."""

    def __init__(self, scenario):
        self.port_of_address = {}
        self.nginx = []   # (port, name, argument)
        self.faults = []  # the same
        self.services = []  # the same
        ports = {}
        for subject, behaviour in scenario["behaviour"].items():
            if behaviour not in ports:
                ports[behaviour] = self._assign(behaviour, FIRST_PORT + len(ports))
            for address in scenario.addresses(subject):
                self.port_of_address[address] = ports[behaviour]

    def _assign(self, behaviour, port):
        name, _, argument = behaviour.partition(":")
        if name == CLOSED:
            return 0
        if name in NGINX:
            self.nginx.append((port, name, argument))
        elif name in FAULTS:
            self.faults.append((port, name, argument))
        elif name in SERVICES:
            self.services.append((port, name, argument))
        else:
            raise ValueError(f"no behaviour '{name}' (known: {', '.join(sorted([CLOSED, *NGINX, *FAULTS, *SERVICES]))})")
        return port
