"""Checks a report in a real browser: check-browser.py PAGE

Without network and without a display: the page loads nothing and complains of nothing, its packages are found and followed
by keyboard, it has a dark and a printed form, and without scripts every package is still there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = ("chromium-headless-shell", "headless_shell", "chromium-browser", "chromium", "google-chrome")


class Browser:
    """A browser that is told what to do through a pipe (`--remote-debugging-pipe`): JSON with a zero byte behind it."""

    def __init__(self, folder: str):
        program = next((path for path in map(shutil.which, PROGRAMS) if path), None)
        if not program:
            sys.exit("no browser: run scripts/setup --tests")
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        # The browser expects them as 3 and 4, whatever they are here.
        script = f'exec "$@" 3<&{commands} 4>&{answers}'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={folder}"]
        self.process = subprocess.Popen(["/bin/bash", "-c", script, "browser", program, *options],
                                        pass_fds=(commands, answers), stderr=subprocess.DEVNULL,
                                        env={**os.environ, "HOME": folder})
        os.close(commands)
        os.close(answers)
        self.number, self.session, self.rest, self.events = 0, None, b"", []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def message(self) -> dict:
        while b"\0" not in self.rest:
            part = os.read(self.answers, 1 << 16)
            if not part:
                sys.exit("the browser ended")
            self.rest += part
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method: str, **parameters) -> dict:
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.commands, json.dumps(request).encode() + b"\0")
        while (message := self.message()).get("id") != self.number:
            self.events.append(message)
        if "error" in message:
            sys.exit(f"{method}: {message['error']['message']}")
        return message["result"]

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def value(self, expression: str):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression}: {result['exceptionDetails']['text']}")
        return result["result"].get("value")

    def press(self, key: str, code: int) -> None:
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def tab_to(self, condition: str) -> None:
        for _ in range(400):
            self.press("Tab", 9)
            if self.value(f"(element => {condition})(document.activeElement)"):
                return
        sys.exit(f"Tab never leads to where {condition}")

    def wait_for(self, expression: str) -> None:
        end = time.monotonic() + 10
        while not self.value(expression):
            if time.monotonic() > end:
                sys.exit(f"not true: {expression}")
            time.sleep(0.05)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


VISIBLE = '[...document.querySelectorAll("#list tbody tr")].filter(row => row.offsetHeight > 0).length'


def check_keyboard(browser: Browser, rows: int) -> None:
    # From an area of the drawing, or the list of licences where no sizes are known, to its package.
    browser.tab_to('element.closest("svg a, td a") !== null')
    browser.press("Enter", 13)
    browser.wait_for('location.hash.startsWith("#package-")')
    browser.wait_for('document.querySelector("#list tr:target")?.offsetHeight > 0')
    # Looking for a package leaves fewer of them, and says how many; following a link shows all again.
    browser.tab_to('element.id === "search"')
    browser.call("Input.insertText", text=browser.value('document.querySelector("#list tbody th").textContent'))
    browser.wait_for(f"{VISIBLE} > 0")
    if rows > 1:
        browser.wait_for('document.getElementById("shown").textContent.includes(" of ")')
    browser.call("Input.insertText", text=" nothing-has-this-name")
    browser.wait_for(f"{VISIBLE} === 0")
    browser.value('location.hash = ""; location.hash = document.querySelector("svg a, td a").getAttribute("href")')
    browser.wait_for(f"{VISIBLE} === {rows}")


def check_looks(browser: Browser) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    seen = []
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        seen.append(browser.value(ground))
    if seen[0] == seen[1]:
        sys.exit(f"light and dark are the same: {seen[0]}")
    browser.call("Emulation.setEmulatedMedia", media="print")
    if browser.value('getComputedStyle(document.querySelector(".search")).display') != "none":
        sys.exit("the search field is printed")
    browser.call("Emulation.setEmulatedMedia", media="")


def problems(events: list[dict], url: str) -> list[str]:
    found = []
    for event in events:
        method, given = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            found.append(f"an exception: {given['exceptionDetails']['text']}")
        elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning"):
            found.append(f"the console says: {given['args']}")
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            found.append(f"the log says: {given['entry']['text']}")
        elif method == "Network.requestWillBeSent" and given["request"]["url"] != url:
            found.append(f"it loads {given['request']['url']}")
    return found


def main() -> None:
    # A browser that says nothing must not hold up the tests; it ends with its pipe.
    signal.alarm(120)
    url = Path(sys.argv[1]).resolve().as_uri()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            browser.open(url)
            rows = browser.value('document.querySelectorAll("#list tbody tr").length')
            if not rows or browser.value(VISIBLE) != rows or not browser.value("document.title"):
                sys.exit(f"expected a title and packages that are seen, found {rows} packages")
            check_looks(browser)
            check_keyboard(browser, rows)
            found = problems(browser.events, url)
            browser.call("Emulation.setScriptExecutionDisabled", value=True)
            browser.events.clear()
            browser.open(url)
            if browser.value(VISIBLE) != rows:
                sys.exit("without scripts packages are missing")
            sys.exit("\n".join(found + problems(browser.events, url)) or 0)
        finally:
            browser.end()


main()
