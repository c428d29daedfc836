"""The three hands that an editor is for, a mouse, a keyboard alone, a finger: they press, bring to a place, and write."""

from typing import Any, ClassVar

from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import centre, drag

MOST = 200  # stops of the keyboard on one page


class Mouse:
    options: ClassVar[dict[str, Any]] = {}

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        what.click()

    def bring(self, what: Locator, to: Locator) -> None:
        """From the palette into the middle of something."""
        what.scroll_into_view_if_needed()
        drag(self.page, centre(what), centre(to))

    def write(self, box: Locator, words: str) -> None:
        self.press(box)
        box.fill(words)

    def step(self, button: Locator, keys: str) -> None:
        """One step back, or forth again."""
        self.press(button)

    def all_the_way(self, button: Locator, keys: str) -> None:
        for _ in range(60):
            if button.get_attribute("aria-disabled") == "true":
                return
            self.step(button, keys)
        raise AssertionError("it never ends")


class Keyboard(Mouse):
    """Tab from stop to stop, Enter, and what is typed; never a pointer."""

    def press(self, what: Locator) -> None:
        self.reach(what)
        self.page.keyboard.press("Space" if what.get_attribute("type") == "checkbox" else "Enter")

    def bring(self, what: Locator, to: Locator) -> None:
        self.press(what)

    def write(self, box: Locator, words: str) -> None:
        self.reach(box)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)

    def reach(self, what: Locator) -> None:
        expect(what).to_be_visible()
        for _ in range(MOST):
            if what.evaluate("(found) => found === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not within reach of the keyboard: {what}")

    def compose(self, words: str) -> None:
        """As with an input method for Chinese, where the focus is."""
        keys = self.page.context.new_cdp_session(self.page)
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229})
        keys.send("Input.imeSetComposition", {"text": words, "selectionStart": len(words), "selectionEnd": len(words)})
        keys.send("Input.insertText", {"text": words})
        keys.detach()

    def step(self, button: Locator, keys: str) -> None:
        self.page.keyboard.press(keys)


class Finger(Mouse):
    options: ClassVar[dict[str, Any]] = {"has_touch": True}

    def press(self, what: Locator) -> None:
        what.tap()

    def bring(self, what: Locator, to: Locator) -> None:
        """A finger is laid on it, drawn to its place, and taken away."""
        what.scroll_into_view_if_needed()
        (x, y), (over, down) = centre(what), centre(to)
        touches = self.page.context.new_cdp_session(self.page)
        touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in (0.05, 0.25, 0.5, 0.75, 1, 1):
            at = {"x": x + (over - x) * part, "y": y + (down - y) * part}
            touches.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
        touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        touches.detach()


HANDS = {"mouse": Mouse, "keyboard": Keyboard, "finger": Finger}
