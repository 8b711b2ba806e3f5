"""Debian's prometheus, scraping one target until it is up; prints what it then knows of a metric, as JSON.

usage: scrape.py HOST:PORT METRIC
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

LISTEN = "127.0.0.1:9090"
CONFIG = """
global: {scrape_interval: 1s}
scrape_configs: [{job_name: vpc-probe, static_configs: [{targets: ["%s"]}]}]
"""


def query(expression):
    url = f"http://{LISTEN}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)["data"]["result"]
    except (urllib.error.URLError, ConnectionError):
        return []  # it starts


def main(target, metric):
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "prometheus.yml"
        config.write_text(CONFIG % target)
        server = subprocess.Popen(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
                                   f"--web.listen-address={LISTEN}"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  text=True)
        give_up = time.monotonic() + 40
        while not (known := query(metric)) and time.monotonic() < give_up and server.poll() is None:
            time.sleep(0.05)
        up = query("up")
        server.terminate()
        sys.stderr.write(server.communicate()[1] if not known else "")
    print(json.dumps(known))
    return 0 if known and up[0]["value"][1] == "1" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
