// The printed pages beside the text follow what is typed: asked for when the typing pauses, one
// question at a time, and never when the pages are out of sight. The text itself is not touched.

const box = document.querySelector("[data-preview]");
if (box) begin(box);

const PAUSE = 700; // ms without a key before the pages are asked for

function begin(box) {
  const form = document.querySelector(".section-form");
  const frame = box.querySelector("iframe");
  let timer = 0, asking = false, again = false, took = 0;

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(PAUSE, 2 * took));
  }
  async function ask() {
    if (asking) { again = true; return; }
    if (!frame.offsetParent) { again = true; return; }
    asking = true;
    again = false;
    const begun = performance.now();
    try {
      const answer = await fetch(box.dataset.url, {
        method: "POST", body: fields(form), headers: { "HX-Request": "true" }, // no page to sign in
      });
      if (!answer.ok) throw new Error();
      show(frame, await answer.text());
      say(box, "");
    } catch {
      say(box, "Chưa cập nhật được trang in; chữ đang soạn vẫn còn. Sẽ thử lại khi gõ tiếp.");
    }
    took = performance.now() - begun;
    asking = false;
    if (again) soon();
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("outline:moved", soon);
  frame.addEventListener("load", () => find(frame, form));
  if (frame.contentDocument?.readyState === "complete") find(frame, form);
  tabs(box, () => { if (again) ask(); });
}

function fields(form) {
  const told = new FormData();
  for (const name of ["csrfmiddlewaretoken", "title", "body", "level", "manual_label"]) {
    told.append(name, form.elements[name]?.value ?? "");
  }
  return told;
}

// The new page takes the old one's place where the reader was; what changed comes into sight.
function show(frame, html) {
  const page = frame.contentDocument;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const before = [...page.body.children], after = [...fresh.body.children];
  let same = 0;
  while (same < Math.min(before.length, after.length) && before[same].isEqualNode(after[same])) same += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - same
    && before[before.length - 1 - end].isEqualNode(after[after.length - 1 - end])) end += 1;
  if (same + end === before.length && before.length === after.length) return;
  const put = after.slice(same, after.length - end).map((one) => page.adoptNode(one));
  const behind = before[before.length - end] ?? null;
  for (const one of before.slice(same, before.length - end)) one.remove();
  for (const one of put) page.body.insertBefore(one, behind);
  if (put.length) intoSight(page, put[put.length - 1]);
}

function intoSight(page, element) {
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > page.documentElement.clientHeight) toTop(page, element);
}

// The pages are drawn smaller than their measures say, so that one scroll comes near only.
function toTop(page, element) {
  for (let n = 0; n < 5; n += 1) page.defaultView.scrollBy(0, element.getBoundingClientRect().top - 48);
}

// Opened, the pages begin at the section that is being written.
function find(frame, form) {
  const page = frame.contentDocument;
  const words = bare(form.elements.title.value) || bare(plain(form.elements.body.value)).slice(0, 60);
  if (!page?.body || !words) return;
  const place = [...page.querySelectorAll("h2, h3, h4, h5, h6, p")].find((one) => bare(one.textContent).includes(words));
  if (place) toTop(page, place);
}

function plain(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}

function bare(text) {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}

function say(box, words) {
  const place = box.querySelector("[data-preview-told]");
  if (place.textContent !== words) place.textContent = words;
}

// On a small screen text and pages stand behind two tabs.
function tabs(box, shown) {
  const page = document.querySelector(".editor-page");
  const links = [...document.querySelectorAll("[data-show]")];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      page.classList.toggle("shows-pages", link.dataset.show === "pages");
      for (const one of links) {
        if (one === link) one.setAttribute("aria-current", "true");
        else one.removeAttribute("aria-current");
      }
      shown();
    });
  }
}
