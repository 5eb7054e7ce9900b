"""People in front of the portal: each with a browser session of their own, and eyes for faults."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    TimeoutError,
)

from portal.accounts.demo import PASSWORD

WAIT = 20_000  # ms; two cores may be busy with other tests
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# the address of a policy violation is worth more than the browser's one line about it
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI + " "
    + (event.sourceFile || "") + ":" + event.lineNumber));"""

# what htmx says of a request whose page was left; one that failed has words of its own
LEFT_BEHIND = ("htmx:sendAbort", "htmx:afterRequest")

RULES = settings.NODE_MODULES / "axe-core" / "axe.min.js"
FINDINGS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  (rule) => `${rule.help} (${rule.id}): ${rule.nodes.map((node) => node.html).join(" ")}`)"""

# the ring, and that the place stands in the window
IN_SIGHT = """() => {
  const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
  const { top, bottom } = document.activeElement.getBoundingClientRect();
  return (outlineStyle !== "none" || boxShadow !== "none") && bottom > 0 && top < innerHeight;
}"""


@dataclass
class Visitor:
    """One browser session. Whatever goes wrong on any of its pages is kept in `faults`."""

    context: BrowserContext
    base: str
    faults: list[str] = field(default_factory=list)
    name: str = "khách"

    @classmethod
    def arrive(cls, browser: Browser, base: str, *, scripts: bool = True, phone: bool = False):
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=scripts,
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT)
        if scripts:
            context.add_init_script(TELL_VIOLATIONS)
        visitor = cls(context, base)
        context.on("console", visitor._console)
        context.on("weberror", lambda error: visitor._note(f"error {error.error}"))
        context.on("response", visitor._response)
        context.new_page()
        return visitor

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def _note(self, what: str) -> None:
        self.faults.append(f"{self.name} at {self.page.url}: {what}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert") and not message.text.startswith(LEFT_BEHIND):
            self._note(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"status {response.status} of {response.url}")

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        return self.page

    def sign_in(self, username: str) -> Visitor:
        """Through the sign-in page, as everybody does."""
        self.name = username
        page = self.open("/")
        page.get_by_role("link", name="Đăng nhập").first.click()
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_role("heading", name="Việc của tôi", level=1).wait_for()
        return self

    def go(self, entry: str) -> Page:
        """By the left navigation."""
        navigation = self.page.get_by_role("navigation", name="Danh mục chức năng")
        navigation.get_by_role("link", name=entry, exact=True).click()
        self.page.get_by_role("heading", level=1).wait_for()
        return self.page

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def link(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()

    def sees(self, words: str, *, within: int = WAIT) -> None:
        """These words stand on the page, or soon will; within: milliseconds."""
        try:
            self.page.get_by_text(words).first.wait_for(timeout=within)
        except TimeoutError as late:
            raise AssertionError(
                f"{self.name} does not see “{words}” at {self.page.url}, but:\n{self.main()}"
            ) from late

    def tab_to(self, wanted: Locator, *, within: int = 150) -> None:
        """Tab until the focus is there, which must be seen; within: stops."""
        for _ in range(within):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("wanted => document.activeElement === wanted"):
                assert self.page.evaluate(IN_SIGHT), f"the focus is not seen at {wanted}"
                return
        raise AssertionError(f"{self.name} does not come to {wanted} at {self.page.url}")

    def check_access(self) -> None:
        """What axe finds on the page as it stands is a fault of it."""

        self.page.evaluate(RULES.read_text())
        for finding in self.page.evaluate(FINDINGS):
            self._note(f"axe: {finding[:500]}")

    def main(self) -> str:
        """The words of the page, without its frame."""
        return self.page.locator("main").inner_text()

    def bytes_of(self, path: str) -> bytes:
        """What a link gives, fetched with this session."""
        answer = self.context.request.get(path if path.startswith("http") else self.base + path)
        assert answer.ok, f"{answer.status} at {path}"
        return answer.body()

    def status_of(self, path: str) -> int:
        return self.context.request.get(self.base + path, max_redirects=0).status

    def leave(self) -> None:
        self.context.close()
