// The tree of sections: rearranged with Alt and the arrows, or by dragging (mouse and touch). The
// server moves, numbers anew and answers with the tree; buttons on the page do it without scripts.

const box = document.querySelector("[data-outline]");
if (box && box.querySelector("[data-grip]")) listen(box);

const WAYS = { ArrowUp: "len", ArrowDown: "xuong", ArrowRight: "vao", ArrowLeft: "ra" };
const STEP = 16; // pixels of one level, as in reports.css

function listen(box) {
  document.documentElement.classList.add("can-arrange");
  box.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-section]");
    const way = WAYS[event.key];
    if (!row || !way || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    send(box, row, `chuyen-${way}`);
  });
  box.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (grip && event.button === 0) drag(box, grip, event);
  });
}

let busy = false;

async function send(box, row, way, more = {}) {
  if (busy) return;
  busy = true;
  const key = row.dataset.section;
  const body = new FormData();
  body.append("thay", box.querySelector("[data-as-seen]").dataset.asSeen);
  body.append("dang_soan", box.dataset.current || "");
  for (const [name, value] of Object.entries(more)) body.append(name, value);
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const address = row.querySelector("a").getAttribute("href");
  try {
    const answer = await fetch(`${address}/${way}`, {
      method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" },
    });
    if (!answer.ok) throw new Error();
    box.innerHTML = await answer.text();
    follow(box, key);
  } catch {
    say("Chưa chuyển được mục. Kiểm tra mạng, hoặc đăng nhập lại ở cửa sổ khác, rồi làm lại.", true);
  } finally {
    busy = false;
  }
}

// Focus, forms and the label over the text follow the new tree.
function follow(box, key) {
  const tree = box.querySelector("[data-as-seen]");
  say(tree.dataset.told || "", "refused" in tree.dataset);
  const moved = box.querySelector(`[data-section="${key}"]`);
  if (moved) {
    moved.classList.add("is-moved");
    moved.querySelector("a").focus();
  }
  for (const field of document.querySelectorAll("input[name=thay]")) field.value = tree.dataset.asSeen;
  const current = box.querySelector(`[data-section="${box.dataset.current}"]`);
  const label = document.querySelector("[data-section-label]");
  if (current && label) label.textContent = current.dataset.label;
  for (const name of ["level", "level_seen"]) {
    const field = document.querySelector(`.section-form [name=${name}]`);
    if (current && field) field.value = current.dataset.level;
  }
  document.dispatchEvent(new CustomEvent("outline:moved"));
}

function say(words, refused) {
  const place = document.querySelector("[data-outline-told]");
  place.textContent = words;
  place.classList.toggle("is-refused", Boolean(refused));
}

// The dragged section goes with all below it; left and right choose the level.
function drag(box, grip, begun) {
  const row = grip.closest("[data-section]");
  const rows = [...box.querySelectorAll("[data-section]")];
  const own = [row];
  for (const next of rows.slice(rows.indexOf(row) + 1)) {
    if (depth(next) <= depth(row)) break;
    own.push(next);
  }
  const rest = rows.filter((one) => !own.includes(one));
  const mark = document.createElement("li");
  mark.setAttribute("aria-hidden", "true");
  let place = null;
  begun.preventDefault();
  grip.setPointerCapture(begun.pointerId);
  own.forEach((one) => one.classList.add("is-dragged"));

  function move(event) {
    const at = rest.filter((one) => middle(one) < event.clientY).length;
    place = placed(row, rest, at, event.clientX - begun.clientX);
    mark.className = `outline__drop outline__row--${place.depth}`;
    if (at < rest.length) rest[at].before(mark);
    else row.parentElement.append(mark);
    const frame = box.closest(".outline").getBoundingClientRect();
    if (event.clientY > frame.bottom - 32) box.closest(".outline").scrollTop += 12;
    if (event.clientY < frame.top + 32) box.closest(".outline").scrollTop -= 12;
  }
  function end(event) {
    stop();
    if (event.type === "pointerup" && place && !isHere(row, rows, place)) {
      send(box, row, "xep", { thuoc: place.parent, sau: place.after });
    }
  }
  function leave(event) {
    if (event.key === "Escape") stop();
  }
  function stop() {
    mark.remove();
    own.forEach((one) => one.classList.remove("is-dragged"));
    grip.removeEventListener("pointermove", move);
    grip.removeEventListener("pointerup", end);
    grip.removeEventListener("pointercancel", end);
    document.removeEventListener("keydown", leave);
  }
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", end);
  grip.addEventListener("pointercancel", end);
  document.addEventListener("keydown", leave);
}

function depth(row) {
  return Number(row.dataset.depth);
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

// Behind the first `at` rows: as deep as the hand moved, where the rows around allow it.
function placed(row, rest, at, moved) {
  const deepest = at && !("annex" in row.dataset) ? depth(rest[at - 1]) + 1 : 0;
  const least = at < rest.length ? Math.min(depth(rest[at]), deepest) : 0;
  const wanted = depth(row) + Math.round(moved / STEP);
  const chosen = Math.max(least, Math.min(deepest, wanted));
  for (let n = at - 1; n >= 0; n -= 1) {
    const { section, parent } = rest[n].dataset;
    if (depth(rest[n]) === chosen) return { depth: chosen, parent, after: section };
    if (depth(rest[n]) < chosen) return { depth: chosen, parent: section, after: "" };
  }
  return { depth: chosen, parent: "", after: "" };
}

function isHere(row, rows, { parent, after }) {
  const beside = rows.filter((one) => one.dataset.parent === row.dataset.parent);
  const before = beside[beside.indexOf(row) - 1];
  return parent === row.dataset.parent && after === (before ? before.dataset.section : "");
}
