#!/usr/bin/python3
"""tests/page_test.py PROBE: the HTML page of `show` in headless Chromium, driven over ChromeDriver.

No console message, 360 px wide without a scroll bar, contrast of 4.5 or more in light and dark, every command and link
reachable by keyboard, and names for a screen reader. `--pictures FOLDER` takes the screenshots for README instead.
"""
import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]
PROBE = None

CONTRAST = """
const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const colour = text => text.match(/[\\d.]+/g).map(Number);
const luminance = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const ground = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
const low = [];
let looked = 0;
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const [a, b] = [luminance(colour(getComputedStyle(e).color)), luminance(ground(e))].sort((x, y) => y - x);
  ++looked;
  if ((a + 0.05) / (b + 0.05) < 4.5) low.push(e.tagName + '.' + e.className + ': ' + (a + 0.05) / (b + 0.05));
}
return {looked, low};
"""


class Browser:
    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if found := re.search(r"successfully on port (\d+)", line):
                self.base = f"http://127.0.0.1:{found[1]}/session"
                break
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = {"args": [*FLAGS, f"--user-data-dir={self.profile.name}"], "binary": "/usr/bin/chromium"}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.base += "/" + self._post("", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def _post(self, path, body):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, page):
        self.file = pathlib.Path(self.profile.name) / "page.html"
        self.file.write_text(page)
        self._post("/url", {"url": self.file.as_uri()})

    def script(self, text):
        return self._post("/execute/sync", {"script": text, "args": []})

    def cdp(self, command, **parameters):
        return self._post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def console(self):
        return self._post("/se/log", {"type": "browser"})

    def width(self, pixels, height=800):
        self.cdp("Emulation.setDeviceMetricsOverride", width=pixels, height=height, deviceScaleFactor=1, mobile=pixels < 500)

    def scheme(self, name):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, path):
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=False)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            urllib.request.Request(self.base, method="DELETE"), timeout=60).close()
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()
        self.profile.cleanup()


def page_of(*names):
    files = [str(GOLDEN / f"json.{name}.json") for name in names]
    return subprocess.run([PROBE, "show", *files, "--format", "html"], check=True, text=True, capture_output=True).stdout


PAGES = {"one that fails": ("failing",), "one that passes": ("passing",), "hostile text": ("hostile",),
         "several": ("failing", "passing", "incomplete", "ipv6", "repeated")}


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def each(self):
        for title, names in PAGES.items():
            with self.subTest(title):
                self.browser.width(1200)
                self.browser.open(page_of(*names))
                yield names

    def test_nothing_is_loaded_and_nothing_complains(self):
        for _ in self.each():
            self.assertEqual(self.browser.console(), [])
            self.assertEqual(self.browser.script("return performance.getEntriesByType('resource').map(r => r.name)"), [])
            self.assertEqual(self.browser.script("return document.scripts.length"), 0)

    def test_it_fits_a_phone(self):
        for _ in self.each():
            self.browser.width(360)
            self.assertLessEqual(self.browser.script("return document.documentElement.scrollWidth"), 360)

    def test_contrast(self):
        for _ in self.each():
            for scheme in ("light", "dark"):
                self.browser.scheme(scheme)
                found = self.browser.script(CONTRAST)
                self.assertEqual(found["low"], [], scheme)
                self.assertGreater(found["looked"], 20)

    def test_keyboard(self):
        for _ in self.each():
            self.browser.script("document.activeElement.blur()")
            wanted = self.browser.script("return document.querySelectorAll('a[href],summary,[tabindex=\"0\"]').length")
            reached = 0
            for _ in range(wanted):
                for kind in ("rawKeyDown", "keyUp"):
                    self.browser.cdp("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
                outlined = "const e = document.activeElement; return e !== document.body && getComputedStyle(e).outlineStyle === 'solid'"
                reached += self.browser.script(outlined)
            self.assertEqual(reached, wanted)

    def test_a_screen_reader_hears_where_it_breaks(self):
        self.browser.open(page_of("failing"))
        self.browser.cdp("Accessibility.enable")
        nodes = self.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        heard = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
        headings = [name.replace(" :", ":") for role, name in heard if role == "heading"]
        self.assertIn("fail exit 23", " ".join(headings).lower())
        self.assertIn("s3: breaks here", headings)
        self.assertNotIn("ecr.api: works", headings)  # folded
        text = " ".join(name for role, name in heard if role == "StaticText")
        self.assertIn("breaks here:", text)
        self.assertIn("4 endpoints answer: ecr.api, ecr.dkr, logs and secretsmanager", text)
        self.assertLess(text.index("cannot be reached: its addresses"), text.index("breaks here:"))
        self.assertNotIn("✗", text)


def take_pictures(folder):
    browser = Browser()
    for name, height in (("failing", 1000), ("passing", 640)):
        browser.width(1200, height)
        browser.open(page_of(name))
        browser.picture(folder / f"{name}.png")
    browser.close()


if __name__ == "__main__":
    PROBE = str(pathlib.Path(sys.argv.pop(1)).resolve())
    if sys.argv[1:2] == ["--pictures"]:
        take_pictures(pathlib.Path(sys.argv[2]))
    else:
        unittest.main()
