// What is typed into a section stays on this machine until it is saved: a closed window, a power
// cut, a session that ended lose nothing. Runs before the editor, which opens with what was kept.

const form = document.querySelector(".section-form[data-draft]");
const text = form?.elements.body;
if (text && !text.disabled) begin();

function begin() {
  const { draft: key, saved } = form.dataset;
  const isAnswered = form.hasAttribute("data-answered"); // came back unsaved, with what was typed
  const begun = form.elements.revision; // the version that was opened, where versions are compared
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type));
  let timer = 0, isOver = false;

  const isSame = (field, value) => (field === text
    ? bare(value) === bare(stood(field))
    : value.trim() === stood(field).trim());
  const isChanged = (field) => isAnswered || !isSame(field, field.value);

  function keep() {
    const typed = fields.filter(isChanged).map((field) => [field.name, field.value]);
    try {
      if (!typed.length) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ at: Date.now(), saved, begun: begun?.value, typed }));
    } catch {
      /* a browser that keeps nothing: the form still saves */
    }
  }

  function restore() {
    const draft = read(key);
    // a page that came back holds what was typed; a draft from before the last saving is done with
    if (isAnswered || draft?.saved !== saved) return keep();
    const typed = draft.typed
      .map(([name, value]) => [fields.find((field) => field.name === name), value])
      .filter(([field, value]) => field && !isSame(field, value));
    if (!typed.length) return keep();
    for (const [field, value] of typed) field.value = value;
    const isOlder = begun && draft.begun !== begun.value;
    if (isOlder) begun.value = draft.begun; // so that the server sees what changed meanwhile
    say(draft.at, isOlder);
    text.dataset.changed = "1";
    addEventListener("load", () => text.dispatchEvent(new Event("input", { bubbles: true })));
  }

  function say(at, isOlder) {
    const note = form.querySelector("[data-kept]");
    const when = new Date(at).toLocaleString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });
    note.querySelector("[data-kept-words]").textContent = `Đã lấy lại phần gõ dở lúc ${when}, chưa lưu. `
      + (isOlder ? "Mục này đã được sửa sau lúc đó: bấm Lưu để xem hai bản khác nhau chỗ nào. " : "");
    note.querySelector("button").addEventListener("click", () => {
      isOver = true;
      clearTimeout(timer);
      localStorage.removeItem(key);
      delete text.dataset.changed;
      location.replace(location.pathname + location.search);
    });
    note.hidden = false;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 250);
  });
  addEventListener("pagehide", () => { if (!isOver) keep(); });
  restore();
}

// What the server gave, whatever the browser filled in since.
function stood(field) {
  if (!field.options) return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value;
}

// A text as it counts: the editor writes it a little otherwise than it was given.
function bare(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const part of body.querySelectorAll("*")) {
    for (const { name } of [...part.attributes]) if (!name.startsWith("data-")) part.removeAttribute(name);
  }
  for (const line of body.querySelectorAll("p:empty")) line.remove();
  return body.innerHTML.replace(/(\s|&nbsp;)+/g, " ").replaceAll(" </p>", "</p>").trim();
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
