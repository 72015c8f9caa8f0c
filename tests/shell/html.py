# html.py - opens a page of mem-replay in Chromium, and does what people do with it.
#
#     python3 html.py CHECK PAGE [MORE...]    a function below, and what it takes
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

import contextlib
import json
import os
import re
import sys

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import picture

GRANULE = 16


def begin(width=1280):
    options = webdriver.ChromeOptions()
    for option in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument("--" + option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options)
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return browser


def is_ready(browser):
    return browser.execute_script("return !document.getElementById('heap').hidden")


def asked_for(browser):
    """The addresses of all requests."""
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"]


@contextlib.contextmanager
def opened(page, browser=None):
    """The page, when it has unpacked its heaps; afterwards, nothing went wrong meanwhile."""
    browser = browser or begin()
    address = "file://" + os.path.abspath(page).replace("%", "%25").replace("#", "%23")
    try:
        browser.get(address)
        WebDriverWait(browser, 60).until(is_ready)
        yield browser
        said = browser.get_log("browser")
        assert said == [], said
        requests = [url for url in asked_for(browser) if not url.startswith("data:")]
        assert len(requests) == 1, requests
    finally:
        browser.quit()


def text(browser, name):
    return browser.find_element(By.ID, name).text


def places(browser):
    """Where the cursor is in each panel."""
    lines = browser.find_elements(By.CSS_SELECTOR, "#time .cursor")
    return [line.get_attribute("transform") for line in lines]


def press(browser, *keys):
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def changes(browser, name, act):
    """Whether the text of an element is another one after that."""
    before = text(browser, name)
    act()
    return text(browser, name) != before


# ---- With mouse and keyboard ----


def slides(page):
    """One cursor goes through all panels: by the slider, the arrow keys, the mouse, the buttons."""
    with opened(page) as browser:
        slider = browser.find_element(By.ID, "slider")
        for act in (
            lambda: press(browser, Keys.ARROW_LEFT),
            lambda: press(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT),
            lambda: ActionChains(browser).move_to_element_with_offset(slider, 200, 0).click().perform(),
            lambda: slider.send_keys(Keys.ARROW_LEFT),
            lambda: slider.send_keys(Keys.PAGE_DOWN),
            lambda: slider.send_keys(Keys.HOME),
            lambda: slider.send_keys(Keys.END),
            browser.find_element(By.ID, "earlier").click,
            browser.find_element(By.ID, "later").click,
        ):
            before = places(browser)
            assert changes(browser, "where", act)
            after = places(browser)
            assert len(after) == 3 and len(set(after)) == 1 and after != before, (before, after)


def follows(page):
    """The cursor goes where the mouse is pressed in a panel, and the figures with it."""
    with opened(page) as browser:
        svg = browser.find_element(By.CSS_SELECTOR, "#time svg")
        browser.execute_script("arguments[0].scrollIntoView()", svg)
        left, top, width, height = browser.execute_script("return data.panels[1]")
        scale = svg.rect["width"] / browser.execute_script("return arguments[0].viewBox.baseVal.width", svg)
        chain = ActionChains(browser)
        x = (left + width / 4) * scale - svg.rect["width"] / 2
        y = (top + height / 2) * scale - svg.rect["height"] / 2
        chain.move_to_element_with_offset(svg, int(x), int(y)).click_and_hold().perform()
        quarter = browser.execute_script("return shown.done / data.operations")
        assert abs(quarter - 0.25) < 0.01, quarter
        chain.move_by_offset(int(width / 4 * scale), 0).release().perform()
        half = browser.execute_script("return shown.done / data.operations")
        assert abs(half - 0.5) < 0.01, half
        # It stays with its panel until it is let go; and then the arrow keys move it.
        chain.click_and_hold().move_by_offset(int(width * 0.9 * scale), 0).perform()
        assert browser.execute_script("return shown.done === data.operations")
        chain.release().perform()
        assert changes(browser, "where", lambda: press(browser, Keys.ARROW_LEFT))


def hovers(page):
    """The mouse over the map tells of the block there; a click tells of it in full."""
    with opened(page) as browser:
        canvas = browser.find_element(By.TAG_NAME, "canvas")
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
        corner = [-canvas.rect["width"] // 2 + 3, -canvas.rect["height"] // 2 + 3]
        ActionChains(browser).move_to_element_with_offset(canvas, *map(int, corner)).perform()
        tip = text(browser, "tip")
        assert re.match(r"Object of [\d,]+ bytes at [\d,]+, [\d,]+ operations old", tip), tip
        ActionChains(browser).click().perform()
        assert text(browser, "said").startswith(tip), text(browser, "said")
        press(browser, Keys.ESCAPE)
        assert text(browser, "tip") == ""
        assert changes(browser, "shown", ActionChains(browser).double_click().perform)


def types(page):
    """All of it by keyboard: Tab leads to each control, and each does what its keys say."""
    with opened(page) as browser:
        def tab_to(name):
            for _ in range(60):
                press(browser, Keys.TAB)
                active = browser.switch_to.active_element
                if name in (active.get_attribute("id"), active.tag_name, active.get_attribute("type")):
                    return
            raise AssertionError("Tab does not lead to " + name)

        tab_to("events")
        events = browser.execute_script("return document.getElementById('events').options.length - 1")
        press(browser, Keys.END)
        met = {text(browser, "where")}
        for _ in range(events - 1):
            press(browser, Keys.ARROW_UP)
            met.add(text(browser, "where"))
        assert events > 1 and len(met) == events, met
        tab_to("slider")
        assert changes(browser, "where", lambda: press(browser, Keys.ARROW_LEFT))
        tab_to("radio")
        assert changes(browser, "moment", lambda: press(browser, Keys.ARROW_RIGHT))
        tab_to("nearer")
        assert changes(browser, "shown", lambda: press(browser, Keys.SPACE))
        tab_to("canvas")
        press(browser, Keys.HOME)
        for key in (Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.END,
                    Keys.HOME, Keys.PAGE_DOWN, Keys.PAGE_UP):
            assert changes(browser, "said", lambda: press(browser, key)), key
        for key in ("+", "-", "+", "0"):
            assert changes(browser, "shown", lambda: press(browser, key)), key
        tab_to("button")
        press(browser, Keys.ENTER)
        assert text(browser, "said").startswith("Free chunk of "), text(browser, "said")
        assert browser.switch_to.active_element.tag_name == "canvas"
        tab_to("summary")
        press(browser, Keys.ENTER)
        assert browser.find_element(By.CSS_SELECTOR, "#budget table").is_displayed()


# ---- What is shown ----


def exact(page, trace, region):
    """At each moment, the blocks of first fit are those of the model."""
    operations = [line.split() for line in open(trace).read().split("\n")[4:] if line]
    lives = list(picture.lives(operations, int(region) // GRANULE))
    with opened(page) as browser:
        moments = browser.execute_script("return data.moments")
        assert len(moments) > 16 and moments[-1] == len(operations)
        for i, done in enumerate(moments):
            found = browser.execute_script(
                "const b = blocksAt(shown.styles[0], arguments[0]), o = shown.styles[0].objects;"
                "return b.what.map((w, i) => [b.start[i], b.size[i], w < 0 ? w : o.since[w]])", i)
            wanted = sorted([start, size, begin] for start, size, begin, end in lives
                            if begin < done <= end)
            assert [block for block in found if block[2] >= 0] == wanted, done
            ends = [0] + [start + size for start, size, _ in found]
            assert ends[:-1] == [block[0] for block in found], "a gap"
            assert ends[-1] == int(region) // GRANULE
            assert all(block[2] >= -1 for block in found), "a block is left out"
            chunks = browser.execute_script("return shown.styles[0].at[arguments[0]].chunks", i)
            assert chunks == sum(block[2] == -1 for block in found)
        # Between moments, the figures lie between those that are shown.
        for done in range(1, len(operations) + 1):
            told = browser.execute_script(
                "go(arguments[0]); return document.querySelector('#figures td').textContent", done)
            told = [int(number.replace(",", "")) for number in told.split("\u2013")]
            live = GRANULE * sum(size for _, size, begin, end in lives if begin < done <= end)
            assert told[0] <= live <= told[-1], (done, live, told)


def says_less(page):
    """Where small blocks are left out, the page says so, and shows what is left."""
    with opened(page) as browser:
        assert "not shown one by one" in text(browser, "left-out")
        least = browser.execute_script("return data.least") // GRANULE
        kinds = browser.execute_script(
            "return [-2, -1, 0].map((kind) => shown.blocks.what.some((what, i) =>"
            "what === kind || kind === 0 && what > 0))")
        assert kinds == [True] * 3, kinds
        assert browser.execute_script(
            "return shown.blocks.what.every((what, i) => what === -2 || shown.blocks.size[i] >= arguments[0])", least)
        assert browser.execute_script(
            "return shown.blocks.size.reduce((a, b) => a + b) === region")


def names(page, *words):
    """Names are shown as they are, and nothing in them is run."""
    with opened(page) as browser:
        browser.execute_script("go(data.operations)")
        shown = browser.find_element(By.TAG_NAME, "body").text
        for word in words:
            assert word in shown, shown
        assert browser.execute_script("return document.scripts.length") == 2


def bare(page):
    """Without scripts, there are the tables and the pictures, and a line tells what is missing."""
    browser = begin()
    try:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        browser.get("file://" + os.path.abspath(page))
        assert browser.find_element(By.CSS_SELECTOR, "#policies-compared table").is_displayed()
        assert len(browser.find_elements(By.TAG_NAME, "svg")) == 3
        assert all(svg.is_displayed() for svg in browser.find_elements(By.TAG_NAME, "svg"))
        assert "Without scripts" in browser.find_element(By.TAG_NAME, "noscript").text
        for name in ("cursor", "heap", "failed"):
            assert not browser.find_element(By.ID, name).is_displayed(), name
    finally:
        browser.quit()


def old(page):
    """A browser that cannot unpack the heaps is told so."""
    browser = begin()
    try:
        source = {"source": "delete window.DecompressionStream; delete window.atob"}
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)
        browser.get("file://" + os.path.abspath(page))
        WebDriverWait(browser, 60).until(lambda b: text(b, "failed").startswith("This browser cannot"))
        assert not browser.find_element(By.ID, "heap").is_displayed()
        press(browser, Keys.ARROW_RIGHT)
        assert browser.get_log("browser") == []
    finally:
        browser.quit()


def style(browser, selector, name):
    return browser.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, name)


def fits(page):
    """On a narrow screen nothing is wider than it, but for what scrolls by itself; on a dark one
    the page is dark, and so are its pictures; on paper it is black on white."""
    with opened(page, begin(360)) as browser:
        wide = browser.execute_script("const all = document.documentElement; return [all.scrollWidth, all.clientWidth]")
        assert wide[0] == wide[1] <= 360, wide
        for media, ground, shown in (
            ({"media": "screen", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}, "rgb(22, 22, 22)", "inline-block"),
            ({"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}, "rgb(255, 255, 255)", "none"),
            ({"media": "screen", "features": []}, "rgb(255, 255, 255)", "inline-block"),
        ):
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            assert style(browser, "body", "backgroundColor") == ground, media
            assert (style(browser, "#time svg", "filter") == "none") == (ground != "rgb(22, 22, 22)")
            assert (style(browser, "#earlier", "display") == "none") == (shown == "none"), media


def speaks(page):
    """Each picture, control and table has a name for those who cannot see it."""
    with opened(page) as browser:
        browser.execute_script("document.querySelector('details').open = true")
        for svg in browser.find_elements(By.TAG_NAME, "svg"):
            for part in ("title", "desc"):
                assert svg.find_element(By.CSS_SELECTOR, part).get_attribute("textContent") != ""
        for element in browser.find_elements(By.CSS_SELECTOR, "button, select, input, canvas, [role=region]"):
            assert element.accessible_name != "", element.get_attribute("outerHTML")


globals()[sys.argv[1]](*sys.argv[2:])
