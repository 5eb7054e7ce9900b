// The grid of fields: keys, pasting, a check of each row that was left, a panel beside the cell, and a
// draft on this machine that outlives a closed window and a lost line. The form works without it.
(() => {
  "use strict";
  const form = document.querySelector("form.entry");
  const table = form?.querySelector(".entry__table");
  if (!table) return;

  const opened = form.elements.goc;
  const base = JSON.parse(opened.value || "{}"); // what stood in each cell when it was opened
  const notes = document.querySelector(".entry__notes");
  const unsaved = form.querySelector(".entry__unsaved");
  const panel = form.querySelector(".entry__panel");
  const number = new Intl.NumberFormat("vi-VN");
  const cells = [...table.querySelectorAll(".grid-input")];
  let sending = false;
  const first = new Map(cells.map((field) => [field.name, field.closest("td").dataset.state]));

  const saidAtFirst = new Map([...new Set(cells.map((field) => field.closest("tr")))].map((row) => {
    const below = row.nextElementSibling;
    return [row, [below.hidden, below.innerHTML]];
  }));

  // states

  const isUnsaved = (field) => field.value.trim() !== (base[field.name] ?? "").trim();

  function mark(field, state) {
    const cell = field.closest("td");
    const sign = cell.querySelector(".entry__sign");
    const drawn = document.querySelector(`#tt-${state} .entry__sign`);
    cell.dataset.state = sign.dataset.state = state;
    sign.replaceChildren(...(drawn ? [...drawn.childNodes].map((node) => node.cloneNode(true)) : []));
    if (drawn) field.setAttribute("aria-describedby", `tt-${state}`);
    else field.removeAttribute("aria-describedby");
  }

  function show(field) {
    const before = first.get(field.name);
    const still = ["wrong", "warned", "conflict"].includes(field.closest("td").dataset.state);
    if (isUnsaved(field)) {
      if (!still) mark(field, "unsaved");
    } else if (!still || before === "saved" || before === "remarked") {
      mark(field, before === "empty" && field.value ? "saved" : before);
    }
  }

  function count() {
    const waiting = cells.filter(isUnsaved).length;
    unsaved.textContent = waiting ? `${number.format(waiting)} ô chưa lưu` : "";
    return waiting;
  }

  // the draft on this machine

  const key = form.dataset.draft;
  let timer = 0;

  function readDraft() {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  function keepDraft() {
    const waiting = cells.filter(isUnsaved);
    try {
      if (!waiting.length) localStorage.removeItem(key);
      else {
        const kept = waiting.map((field) => [field.name, base[field.name] ?? "", field.value]);
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), saved: form.dataset.saved, cells: kept }));
      }
    } catch {
      /* a browser that keeps nothing: the form still saves */
    }
  }

  function note(words, actions = []) {
    const box = document.createElement("div");
    box.className = "notice notice--information";
    const text = document.createElement("div");
    text.textContent = `${words} `;
    for (const [label, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-link btn-sm";
      button.textContent = label;
      button.addEventListener("click", () => { box.remove(); act(); });
      text.append(button);
    }
    box.append(text);
    notes.hidden = false;
    notes.replaceChildren(box);
  }

  function restore() {
    const draft = readDraft();
    // a page that came back holds what was typed; a draft from before the last saving is done with
    if (form.hasAttribute("data-answered") || draft?.saved !== form.dataset.saved) return keepDraft();
    const restored = [];
    for (const [name, was, text] of draft.cells) {
      const field = form.elements[name];
      if (!field || field.value === text) continue;
      restored.push([field, field.value, base[name] ?? ""]);
      field.value = text;
      base[name] = was; // so that the server sees what changed meanwhile
      mark(field, "unsaved");
    }
    opened.value = JSON.stringify(base);
    if (!restored.length) return;
    const when = new Date(draft.at).toLocaleString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });
    note(`Đã lấy lại ${number.format(restored.length)} ô bạn gõ dở lúc ${when}, chưa lưu.`, [
      ["Bỏ phần gõ dở", () => {
        for (const [field, value, stood] of restored) {
          field.value = value;
          base[field.name] = stood;
          mark(field, first.get(field.name));
        }
        opened.value = JSON.stringify(base);
        keepDraft();
        count();
      }],
    ]);
  }

  table.addEventListener("input", (event) => {
    if (!event.target.matches(".grid-input")) return;
    changed([event.target]);
  });

  function changed(fields) {
    for (const field of fields) show(field);
    count();
    clearTimeout(timer);
    timer = setTimeout(keepDraft, 250);
  }
  window.addEventListener("pagehide", () => { if (!sending) keepDraft(); });

  // taking what the other person saved
  table.addEventListener("change", (event) => {
    if (!event.target.name.startsWith("lay~")) return;
    const field = form.elements[event.target.name.slice(4)];
    field.value = event.target.checked ? base[field.name] : field.defaultValue;
    changed([field]);
  });

  // keys

  const rowOf = (field) => field.closest("tr");
  const at = (row, index) => row?.cells[index]?.querySelector(".grid-input");

  function move(field, rows, columns) {
    const index = field.closest("td").cellIndex;
    let row = rowOf(field);
    let column = index;
    for (;;) {
      if (rows) row = rows < 0 ? row.previousElementSibling : row.nextElementSibling;
      column += columns;
      if (!row || (columns && (column < 0 || column >= row.cells.length))) return false;
      const next = at(row, column);
      if (!next) continue;
      next.focus();
      next.select();
      return true;
    }
  }

  const atEdge = (field, forward) => {
    const whole = field.selectionEnd - field.selectionStart === field.value.length;
    return whole || (forward ? field.selectionStart === field.value.length : field.selectionEnd === 0);
  };

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches(".grid-input") || event.altKey || event.metaKey) return;
    const done = pressed(event.key, field, event);
    if (done) event.preventDefault();
  });

  function pressed(pressedKey, field, event) {
    if (event.ctrlKey) return pressedKey.toLowerCase() === "z" && undoPaste();
    if (pressedKey === "ArrowUp") return move(field, -1, 0) || true;
    if (pressedKey === "ArrowDown") return move(field, 1, 0) || true;
    if (pressedKey === "Enter") return move(field, event.shiftKey ? -1 : 1, 0) || true;
    if (pressedKey === "ArrowLeft" && atEdge(field, false)) return move(field, 0, -1);
    if (pressedKey === "ArrowRight" && atEdge(field, true)) return move(field, 0, 1);
    if (pressedKey === "Escape" && isUnsaved(field)) {
      field.value = base[field.name] ?? "";
      changed([field]);
      return true;
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit();
  });

  // a block copied from a spreadsheet

  let pasted = null;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/đ/gi, "d")
    .toLowerCase().replace(/^(xa|phuong|thi tran|huyen|thanh pho|thi xa|tp|tt|x|p|h|tx)[.\s]+/, "")
    .replace(/[^a-z0-9]+/g, "");

  table.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field.matches(".grid-input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const block = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const { touched, left, named } = named_block(block) ?? block_from(field, block);
    changed(touched.map(([target]) => target));
    pasted = touched;
    const where = named ? " theo tên ở cột đầu" : "";
    const over = left ? ` ${number.format(left)} giá trị nằm ngoài bảng, không dán.` : "";
    note(`Đã dán ${number.format(touched.length)} ô${where}.${over}`, [["Bỏ lần dán này", undoPaste]]);
    for (const row of new Set(touched.map(([target]) => rowOf(target)))) check(row);
  });

  function put(target, value, touched) {
    touched.push([target, target.value]);
    target.value = value.trim();
  }

  function block_from(field, block) {
    const touched = [];
    let left = 0;
    let row = rowOf(field);
    const column = field.closest("td").cellIndex;
    for (const line of block) {
      line.forEach((value, index) => {
        const target = at(row, column + index);
        if (target) put(target, value, touched);
        else if (value.trim() && !row?.cells[column + index]) left += 1;
      });
      do row = row?.nextElementSibling; while (row && !row.querySelector(".grid-input"));
    }
    return { touched, left, named: false };
  }

  // When the first column holds the names of rows, each line goes to its own row.
  function named_block(block) {
    const named = [...table.tBodies[0].rows].filter((row) => row.querySelector(".grid-input"));
    const rows = new Map(named.map((row) => [fold(row.cells[0].textContent), row]));
    const lines = block.filter((line) => line.length > 1 && fold(line[0]));
    const known = lines.filter((line) => rows.has(fold(line[0])));
    if (!known.length || known.length < lines.length / 2) return null;
    const touched = [];
    let left = 0;
    for (const line of lines) {
      const row = rows.get(fold(line[0]));
      line.slice(1).forEach((value, index) => {
        const target = at(row, index + 1);
        if (target) put(target, value, touched);
        else if (value.trim() && !row?.cells[index + 1]) left += 1;
      });
    }
    return { touched, left, named: true };
  }

  function undoPaste() {
    if (!pasted) return false;
    for (const [target, before] of pasted.reverse()) target.value = before;
    changed(pasted.map(([target]) => target));
    pasted = null;
    notes.replaceChildren();
    return true;
  }

  // a row that was left is checked by the rules of the file

  function check(row) {
    const fields = [...row.querySelectorAll(".grid-input")];
    if (!fields.some(isUnsaved)) return asOpened(row, fields);
    const sent = new FormData();
    sent.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const field of fields) sent.append(field.name, field.value);
    fetch(form.dataset.check, { method: "POST", body: sent })
      .then((answer) => (answer.ok && !answer.redirected ? answer.json() : null))
      .then((said) => said && tell(fields, said))
      .catch(() => {}); // a lost line: saving checks again
  }

  // a row that holds what it was opened with says what it said then
  function asOpened(row, fields) {
    const below = row.nextElementSibling;
    const [hidden, words] = saidAtFirst.get(row);
    if (below.innerHTML === words) return;
    below.innerHTML = words;
    below.hidden = hidden;
    for (const field of fields) mark(field, first.get(field.name));
  }

  function tell(fields, said) {
    const below = rowOf(fields[0]).nextElementSibling;
    const list = below.querySelector("ul");
    const lines = [];
    for (const field of fields) {
      const cell = field.closest("td");
      const sentences = said[field.name] ?? [];
      for (const [kind, sentence] of sentences) lines.push(lineOf(kind, cell.dataset.heading, sentence));
      const before = first.get(field.name);
      if (sentences.length) mark(field, sentences.some(([kind]) => kind === "error") ? "wrong" : "warned");
      else if (isUnsaved(field)) mark(field, "unsaved");
      else mark(field, ["wrong", "warned", "conflict"].includes(before) ? "empty" : before);
    }
    list.replaceChildren(...lines);
    below.hidden = !lines.length;
  }

  function lineOf(kind, heading, sentence) {
    const state = kind === "error" ? "wrong" : "warned";
    const line = document.createElement("li");
    line.className = kind === "error" ? "is-wrong" : "is-waiting";
    const words = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = `${heading}: `;
    words.append(name, sentence);
    line.append(document.querySelector(`#tt-${state} .icon`).cloneNode(true), words);
    return line;
  }

  table.addEventListener("focusout", (event) => {
    const row = event.target.closest("tr");
    if (row?.querySelector(".grid-input") && !row.contains(event.relatedTarget)) check(row);
  });

  // the panel beside the grid

  let asked = "";
  let waiting = 0;
  table.addEventListener("focusin", (event) => {
    const field = event.target;
    if (!field.matches(".grid-input") || field.name === asked) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      asked = field.name;
      const address = `${form.dataset.panel}&o=${encodeURIComponent(field.name)}`;
      fetch(address, { headers: { "HX-Request": "true" } })
        .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
        .then((text) => { if (text && asked === field.name) panel.innerHTML = text; })
        .catch(() => {});
    }, 200);
  });

  // sending: only when the portal answers, else everything stays here and goes when the line is back

  form.addEventListener("submit", (event) => {
    if (sending) return;
    event.preventDefault();
    delete form.dataset.sent;
    const pressedButton = event.submitter;
    keepDraft();
    fetch(form.dataset.alive, { cache: "no-store", signal: AbortSignal.timeout(6000) })
      .then((answer) => {
        if (!answer.ok) throw new Error("away");
        if (pressedButton?.name) {
          const chosen = document.createElement("input");
          chosen.type = "hidden";
          [chosen.name, chosen.value] = [pressedButton.name, pressedButton.value];
          form.append(chosen);
        }
        sending = true;
        form.submit();
      })
      .catch(() => {
        note("Mất kết nối. Những gì đã gõ được giữ trên máy này.", [["Lưu lại", () => form.requestSubmit()]]);
        window.addEventListener("online", () => form.requestSubmit(), { once: true });
      });
  });

  restore();
  count();
  const wrong = table.querySelector('td[data-state="conflict"] .grid-input, td[data-state="wrong"] .grid-input');
  (wrong ?? cells[0])?.focus({ preventScroll: !wrong });
})();
