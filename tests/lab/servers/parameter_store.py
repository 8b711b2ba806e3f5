"""SSM's Parameter Store: texts by name, which are whole or not there. servers/control_plane.py verifies signatures and reads
parameters."""
from servers.configuration_api import Refusal

LONGEST = 4096  # bytes of a value in the standard tier


class ParameterStore:
    """`settings`: parameters (name → value) that are there from the start; written_beside: how often someone else writes
    after a value was read."""

    def __init__(self, settings):
        self.values = dict(settings.get("parameters", {}))
        self.versions = {name: 1 for name in self.values}
        self.written_beside = settings.get("written_beside", 0)

    def answer(self, action, asked):
        return getattr(self, "_" + action)(asked)

    def _GetParameter(self, asked):
        name = asked["Name"]
        if name not in self.values:
            raise Refusal(400, "ParameterNotFound", "")
        version = self.versions[name]
        if self.written_beside:
            self.written_beside -= 1
            self.versions[name] += 1
        return {"Parameter": {"Name": name, "Type": "String", "Value": self.values[name], "Version": version, "DataType": "text"}}

    def _PutParameter(self, asked):
        name = asked["Name"]
        if name in self.values and not asked.get("Overwrite"):
            raise Refusal(400, "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the "
                                                         "overwrite option in the request to true.")
        if not asked["Value"] or len(asked["Value"].encode()) > LONGEST or "{{" in asked["Value"]:
            raise Refusal(400, "ValidationException", f"Standard tier parameters support a maximum parameter value of {LONGEST} "
                                                      "characters.")
        self.values[name] = asked["Value"]
        self.versions[name] = self.versions.get(name, 0) + 1
        return {"Version": self.versions[name], "Tier": "Standard"}
