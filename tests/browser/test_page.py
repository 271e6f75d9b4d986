"""The page in a real browser: Debian's Chromium, driven by Selenium. Skipped where either is missing.

``apt-get install chromium chromium-driver`` and ``pip install -e .[browser]`` bring them.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from server.app import create_app
from server.settings import Settings

webdriver = pytest.importorskip("selenium.webdriver", reason="Selenium is not installed")

from selenium.webdriver.common.by import By  # noqa: E402 - after the check that it is there
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.remote.webdriver import WebDriver  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and its driver are not installed")


@pytest.fixture(scope="module")
def address(sample_build: Path) -> Iterator[str]:
    app: Flask = create_app(Settings(directory=sample_build, workers=0))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def start(scripts: bool) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses its sandbox to root, whom containers run tests as
    for argument in arguments:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    driver = start(scripts=True)
    yield driver
    driver.quit()


def rows(browser: WebDriver) -> int:
    return len(browser.find_elements(By.CSS_SELECTOR, "#result tbody tr"))


def wait(browser: WebDriver) -> WebDriverWait[WebDriver]:
    return WebDriverWait(browser, 20)


def test_a_sample_query_is_picked_and_run_without_leaving_the_page(browser: WebDriver, address: str) -> None:
    browser.get(address)
    browser.execute_script("window.stays = true")
    browser.find_element(By.LINK_TEXT, "Who said what").click()
    box = browser.find_element(By.ID, "query")
    wait(browser).until(lambda _: "Who said what" in (box.get_property("value") or ""))
    assert "Every statement with its speaker" in browser.find_element(By.ID, "about").text
    browser.find_element(By.ID, "run").click()
    wait(browser).until(lambda _: rows(browser) > 5)
    assert browser.execute_script("return window.stays") is True
    assert "query=" in browser.current_url
    browser.refresh()
    assert rows(browser) > 5


def test_ctrl_enter_runs_and_an_error_is_shown_with_its_place(browser: WebDriver, address: str) -> None:
    browser.get(address)
    box = browser.find_element(By.ID, "query")
    box.clear()
    box.send_keys("SELECT * {\n?s ?p ?o } LIMT 3", Keys.CONTROL + Keys.ENTER)
    wait(browser).until(lambda _: browser.find_elements(By.CSS_SELECTOR, "#result .problem"))
    assert "did you mean LIMIT?" in browser.find_element(By.ID, "result").text
    assert box.get_attribute("aria-invalid") is not None


def test_from_a_row_to_what_the_graph_says_of_it(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/?query=SELECT+*+{{+?person+a+cq:Person+}}")
    browser.find_element(By.LINK_TEXT, "person/carmelo-vassallo").click()
    wait(browser).until(lambda _: "DESCRIBE" in browser.find_element(By.ID, "query").text)
    assert "foaf:name" in browser.find_element(By.ID, "result").text


@pytest.mark.parametrize("width", [320, 390, 768, 1400])
def test_nothing_is_wider_than_the_window(browser: WebDriver, address: str, width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)  # type: ignore[attr-defined]
    browser.get(f"{address}/?query=SELECT+*+{{+?subject+?predicate+?object+}}+LIMIT+50")
    assert rows(browser) == 50
    overhang = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(overhang) <= 0
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: WebDriver, address: str, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})  # type: ignore[attr-defined]
    browser.get(f"{address}/?query=SELEC")
    too_faint = browser.execute_script(CONTRAST)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})  # type: ignore[attr-defined]
    assert too_faint == []


def test_the_browser_has_nothing_to_complain_of(browser: WebDriver, address: str) -> None:
    browser.get_log("browser")  # type: ignore[attr-defined]
    browser.get(f"{address}/queries/meetings")
    browser.find_element(By.ID, "run").click()
    wait(browser).until(lambda _: rows(browser) > 0)
    assert browser.get_log("browser") == []  # type: ignore[attr-defined]


def test_it_works_without_scripts(address: str) -> None:
    browser = start(scripts=False)
    try:
        browser.get(address)
        browser.find_element(By.LINK_TEXT, "Who said what").click()
        wait(browser).until(lambda _: "/queries/statements" in browser.current_url)
        browser.find_element(By.ID, "run").click()
        wait(browser).until(lambda _: rows(browser) > 5)
    finally:
        browser.quit()


# Every element with text of its own whose contrast is below 4.5 (WCAG 2.2, 1.4.3).
CONTRAST = """
const parse = (color) => color.match(/[0-9.]+/g).map(Number);
const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = (rgb) => {
  const [r, g, b] = rgb.slice(0, 3).map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const rgb = parse(getComputedStyle(e).backgroundColor);
    if (rgb.length === 3 || rgb[3] > 0) return rgb;
  }
  return [255, 255, 255];
};
const faint = [];
for (const element of document.querySelectorAll("body *")) {
  if (![...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
  const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
  const contrast = (a + 0.05) / (b + 0.05);
  if (contrast < 4.5) faint.push([element.tagName, element.textContent.trim().slice(0, 30), contrast.toFixed(2)]);
}
return faint;
"""


def test_from_a_document_to_a_person_and_back_to_the_passage(browser: WebDriver, address: str) -> None:
    browser.get(f"{address}/id/document/sample-1")
    browser.find_element(By.CSS_SELECTOR, ".annotated").find_element(By.LINK_TEXT, "Carmelo Vassallo").click()
    wait(browser).until(lambda _: browser.find_element(By.TAG_NAME, "h1").text == "Carmelo Vassallo")
    browser.find_element(By.CSS_SELECTOR, ".passages a").click()
    wait(browser).until(lambda _: browser.find_elements(By.CSS_SELECTOR, ".annotated span:target"))
    assert browser.find_element(By.CSS_SELECTOR, ".annotated span:target").text.endswith("Vassallo")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
