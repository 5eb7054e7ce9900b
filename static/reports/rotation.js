// Panels one after another: a clock, keys, and the whole screen. Without scripts the page refreshes
// itself and its links do the rest.
(() => {
  "use strict";

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let held = calm.matches; // whoever wants little motion starts the clock by hand
  let clock = 0;

  const turn = () => document.getElementById("trinh-chieu");

  const go = (address) => {
    window.clearTimeout(clock);
    window.htmx.ajax("GET", address, { target: "#trinh-chieu", select: "#trinh-chieu", swap: "outerHTML" });
    window.history.replaceState(null, "", address);
  };

  const begin = () => {
    const now = turn();
    if (!now) return;
    window.clearTimeout(clock);
    const paused = now.hasAttribute("data-paused");
    const told = now.querySelector(".show__told");
    if (held && !paused) {
      told.textContent = "Không tự chuyển bảng vì máy đặt ít chuyển động.";
    } else if (!paused) {
      clock = window.setTimeout(() => go(now.querySelector("[data-next]").getAttribute("href")), Number(now.dataset.seconds) * 1000);
    }
    const whole = now.querySelector("[data-whole]");
    whole.hidden = !document.fullscreenEnabled;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#trinh-chieu a[data-key]");
    if (link) {
      event.preventDefault();
      if (link.hasAttribute("data-pause")) held = false;
      go(link.getAttribute("href"));
    }
    if (event.target.closest?.("[data-whole]")) {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.("a, button, .table-box") && event.key === " ") return;
    for (const link of turn()?.querySelectorAll("a[data-key]") ?? []) {
      if (link.dataset.key !== event.key) continue;
      event.preventDefault();
      link.click();
      return;
    }
  });

  document.addEventListener("htmx:afterSwap", begin);
  begin();
})();
