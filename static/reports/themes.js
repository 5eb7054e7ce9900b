// The years of a map as a slider; without scripts they stay links.
(() => {
  "use strict";

  const slide = (years) => {
    const links = [...years.querySelectorAll("a")];
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = String(links.length - 1);
    slider.value = String(Math.max(0, links.findIndex((link) => link.hasAttribute("aria-current"))));
    slider.setAttribute("aria-label", "Năm của sơ đồ");
    const words = document.createElement("output");
    const say = () => {
      const name = links[Number(slider.value)].textContent;
      words.textContent = name;
      slider.setAttribute("aria-valuetext", name);
    };
    say();
    slider.addEventListener("input", say);
    slider.addEventListener("change", () => {
      const address = links[Number(slider.value)].href;
      const form = document.querySelector(".theme-filters");
      const period = form?.querySelector("#ky");
      const code = new URL(address).searchParams.get("ky");
      if (period && [...period.options].some((option) => option.value === code)) {
        period.value = code;
        form.requestSubmit();
      } else {
        window.location.assign(address);
      }
    });
    years.replaceChildren(slider, words);
  };

  const everywhere = () => {
    for (const years of document.querySelectorAll("[data-years]")) {
      if (years.querySelector("a")) slide(years);
    }
  };
  everywhere();
  document.addEventListener("htmx:afterSwap", everywhere);
})();
