"""What a report says of rehearsed pulls, hop by hop.

usage: images_test.py [PROBE]   (default: the one tests/lab/run would take)
"""
import json
import pathlib
import subprocess
import sys
import unittest

LAB = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(LAB))
from vpc import images, matrix, start  # noqa: E402

PROBE = None
BUCKET = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com"
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"


def report_of(scenario, *arguments):
    command = start.task_command(scenario, [PROBE, "run", "--depth", "image", "--platform", "linux/amd64", "--format", "json",
                                            *arguments])
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=start.task_environment())
    return json.loads(done.stdout)


class Pulls(unittest.TestCase):
    def test_every_hop_of_a_pull_from_ecr(self):
        report = report_of("image-pulled")
        image, = report["images"]
        self.assertTrue(image["complete"])
        self.assertEqual(image["layers"], len(images.LAYERS))
        self.assertGreater(image["bytes"], sum(images.LAYERS))
        self.assertIsNone(image["measured"])
        hops = [(hop["step"], hop["host"], hop["code"]) for hop in image["hops"]]
        blobs = [[(step, REGISTRY, 307), (step, BUCKET, 200)] for step in ("config", *["layer"] * len(images.LAYERS))]
        self.assertEqual(hops, [("login", "api.ecr.eu-west-1.amazonaws.com", 200), ("manifest", REGISTRY, 200),
                                ("platform", REGISTRY, 200), *sum(blobs, [])])
        self.assertTrue(all(hop["first_byte_ms"] > 0 for hop in image["hops"]))
        host, = report["image_hosts"]
        self.assertEqual((host["host"], host["service"], host["path"]), (BUCKET, "s3", "gateway-endpoint"))
        for address in host["addresses"]:
            self.assertEqual([address[stage]["status"] for stage in ("tcp", "tls", "http")], ["ok", "ok", "aws"])

    def test_no_more_is_downloaded_than_was_asked_for(self):
        image, = report_of("image-pulled", "--measure", "1")["images"]
        self.assertEqual(image["measured"]["bytes"], 1_000_000)
        self.assertGreater(image["measured"]["pull_ms"], image["measured"]["elapsed_ms"])

    def test_a_token_of_another_host(self):
        image, = report_of("image-by-token")["images"]
        steps = [(hop["step"], hop["host"], hop["code"]) for hop in image["hops"]][:4]
        self.assertEqual(steps, [("manifest", "registry.example.com", 401), ("token", "auth.example.com", 200),
                                 ("manifest", "registry.example.com", 200), ("platform", "registry.example.com", 200)])
        self.assertTrue(image["complete"])


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve()) if len(sys.argv) > 1 else str(matrix.find_binary(None))
    start.prepare()
    unittest.main()
