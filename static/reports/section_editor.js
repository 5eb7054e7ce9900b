// Writing a section: the prose editor with atoms of the portal's own: figures and citations inside
// a line, tables and charts on a line of their own.
// The editor's module is loaded by its address, so that pages need no inline import map.

const box = document.querySelector("[data-section-editor]");
if (box) begin(box).catch((problem) => console.error(problem));

async function begin(box) {
  const textarea = box.querySelector("textarea");
  const references = JSON.parse(document.getElementById("tham-chieu").textContent);
  const kit = await import(box.dataset.editorModule);
  const place = document.createElement("div");
  place.className = "section-editor__place";
  textarea.before(place);
  textarea.hidden = true;
  const editor = new kit.Editor({
    element: place,
    content: textarea.value,
    injectCSS: false,
    editable: !textarea.disabled,
    extensions: [
      kit.Document, kit.Paragraph, kit.Text, kit.Bold, kit.Italic, kit.HardBreak,
      kit.BulletList, kit.OrderedList, kit.ListItem, kit.History, kit.Dropcursor, kit.Gapcursor,
      atom(kit, "figure", references.figure),
      atom(kit, "citation", references.citation),
      exhibit(kit, references.exhibit),
    ],
    editorProps: {
      transformPastedHTML: plainer,
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": "Nội dung mục",
        class: "section-editor__text",
      },
    },
    onUpdate: ({ editor }) => keep(editor, textarea),
    onTransaction: ({ editor }) => press(box, editor),
  });
  listen(box, editor, references);
  pin(box, place, editor);
  warnOfUnsaved(textarea);
  press(box, editor);
}

// One kind of atom: it is moved, copied and deleted whole, and says on hover what it stands for.
function atom(kit, kind, known) {
  const attribute = `data-${kind}`;
  return kit.Node.create({
    name: kind,
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => ({
      key: {
        default: "",
        parseHTML: (element) => element.getAttribute(attribute),
        renderHTML: (attributes) => ({ [attribute]: attributes.key }),
      },
      text: {
        default: "",
        parseHTML: (element) => element.textContent,
        renderHTML: () => ({}),
      },
    }),
    parseHTML: () => [{ tag: `span[${attribute}]` }],
    renderHTML: ({ node, HTMLAttributes }) => {
      const told = known[node.attrs.key];
      const note = kind === "citation" && told && !told.text;
      return ["span", {
        ...HTMLAttributes,
        class: note ? "atom atom--note" : `atom atom--${kind}`,
        title: told ? told.title : "Không có trong báo cáo này",
      }, node.attrs.text || (note ? "*" : "…")];
    },
  });
}

// A table or chart: a line of its own, which says what stands there on paper.
function exhibit(kit, known) {
  return kit.Node.create({
    name: "exhibit",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({ key: { default: "", renderHTML: () => ({}) }, text: { default: "", renderHTML: () => ({}) } }),
    parseHTML: () => [{
      tag: "p",
      priority: 60,
      getAttrs: (line) => {
        const found = line.querySelector("span[data-exhibit]");
        return found && found.textContent === line.textContent
          ? { key: found.getAttribute("data-exhibit"), text: found.textContent }
          : false;
      },
    }],
    renderHTML: ({ node }) => {
      const told = known[node.attrs.key];
      return ["p", { class: "exhibit-line" }, ["span", {
        "data-exhibit": node.attrs.key,
        class: "atom atom--exhibit",
        title: told ? told.title : "Không có trong báo cáo này",
      }, node.attrs.text || "Bảng, biểu đồ"]];
    },
  });
}

// What other programs put on the clipboard, in the elements that the editor knows. Their styles are
// read, never applied: the browser would complain about each, as it should.
function plainer(html) {
  const unstyled = html.replace(/<style\b[^]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  const page = new DOMParser().parseFromString(unstyled, "text/html");
  if (/mso-list/i.test(html)) listsOfWord(page);
  for (const table of [...page.querySelectorAll("table")]) rowsAsLines(page, table);
  for (const part of page.querySelectorAll("b, i, span")) weigh(page, part);
  return page.body.innerHTML;
}

// Word writes its lists as paragraphs with the mark among the words; here they become lists. The
// server does the same (reports/text/pasted.py) for what comes another way.
function listsOfWord(page) {
  const open = [];
  for (const line of [...page.body.querySelectorAll("p")]) {
    const style = line.dataset.style || "";
    const level = Number((/mso-list:[^;]*level(\d+)/i.exec(style) || [])[1] || 0);
    if (!level) { open.length = 0; continue; }
    const mark = [...line.querySelectorAll("[data-style]")].find((part) => /mso-list:\s*ignore/i.test(part.dataset.style));
    const kind = mark && /^\(?(\d+|[a-zđ]|[ivx]+)[.)]\s*$/i.test(mark.textContent.trim()) ? "ol" : "ul";
    if (mark) mark.remove();
    open.length = Math.min(open.length, level);
    if (open.length === level && open[level - 1].localName !== kind) open.length = level - 1;
    while (open.length < level) {
      const list = page.createElement(open.length === level - 1 ? kind : "ul");
      if (open.length) (open[open.length - 1].lastElementChild || open[open.length - 1].appendChild(page.createElement("li"))).append(list);
      else line.before(list);
      open.push(list);
    }
    const item = open[level - 1].appendChild(page.createElement("li"));
    item.append(line);
  }
}

// A section's text has no tables: each row becomes a line, its cells apart. A row of one cell is no
// table but a way of laying out, and stays as it is. Tables in cells come after the one around them.
function rowsAsLines(page, table) {
  for (const row of table.rows) {
    const cells = [...row.cells].filter((cell) => cell.textContent.trim());
    if (cells.length === 1) {
      const whole = page.createElement("div");
      whole.append(...cells[0].childNodes);
      table.before(whole);
    } else if (cells.length) {
      const line = page.createElement("p");
      for (const block of row.querySelectorAll("p, div, li, br, tr, td")) block.append(" ");
      line.textContent = cells.map((cell) => cell.textContent.replace(/\s+/g, " ").trim()).join("; ");
      table.before(line);
    }
  }
  table.remove();
}

// Google Docs puts everything into a <b> that is not bold, and bold words into a <span>.
function weigh(page, part) {
  const style = part.dataset.style || "";
  const [, weight] = /font-weight:\s*(\w+)/i.exec(style) || [];
  const isBold = /^(bold(er)?|[6-9]00)$/.test(weight);
  const isItalic = /font-style:\s*italic/i.test(style);
  if (part.localName === "b" && weight && !isBold) part.replaceWith(...part.childNodes);
  else if (part.localName === "i" && /font-style:\s*normal/i.test(style)) part.replaceWith(...part.childNodes);
  else if (part.localName === "span") {
    for (const name of [isBold && "strong", isItalic && "em"].filter(Boolean)) {
      const around = page.createElement(name);
      around.append(...part.childNodes);
      part.append(around);
    }
  }
}

function keep(editor, textarea) {
  textarea.value = editor.isEmpty ? "" : editor.getHTML();
  textarea.dataset.changed = "1";
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
}

const COMMANDS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};

// The tools say which of them are in force where the cursor stands.
function press(box, editor) {
  for (const button of box.querySelectorAll("[data-command]")) {
    const name = button.dataset.command;
    if (name !== "undo" && name !== "redo") button.setAttribute("aria-pressed", String(editor.isActive(name)));
  }
}

function listen(box, editor, references) {
  const tools = box.querySelector(".section-editor__tools");
  tools.hidden = !editor.isEditable;
  tools.addEventListener("mousedown", (event) => event.preventDefault());
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.command) COMMANDS[button.dataset.command](editor.chain().focus()).run();
    if (button.dataset.open) open(document.getElementById(button.dataset.open));
  });
  for (const picker of document.querySelectorAll("dialog.picker")) {
    picker.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) picker.close();
      const button = event.target.closest("[data-insert]");
      if (button) insert(picker, button, editor, references);
    });
    picker.addEventListener("close", () => editor.commands.focus());
  }
}

function open(picker) {
  picker.showModal();
  const input = picker.querySelector("input[type=search]");
  input.focus();
  input.dispatchEvent(new Event("open"));
}

async function insert(picker, button, editor, references) {
  const found = picker.querySelector(".picker__found");
  const body = new FormData();
  for (const { name, value } of button.attributes) {
    if (name.startsWith("data-") && value) body.append(name.slice(5), value);
  }
  const style = button.parentElement.querySelector("select");
  if (style) body.append("style", style.value);
  button.disabled = true;
  let told = {};
  try {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(found.dataset.insertUrl, {
      method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" },
    });
    told = await answer.json();
  } catch {
    // a lost line, or a session that has ended: the sentence below says what to do about both
  }
  button.disabled = false;
  if (told.kind) {
    references[told.kind][told.key] = { text: told.text, title: told.title };
    picker.close();
    editor.chain().focus().insertContent({ type: told.kind, attrs: { key: told.key, text: told.text } }).run();
    return;
  }
  const words = document.createElement("p");
  words.className = "notice notice--wrong";
  words.setAttribute("role", "alert");
  words.textContent = told.problem || "Chưa chèn được. Kiểm tra mạng, hoặc đăng nhập lại ở cửa sổ khác, rồi bấm lại.";
  found.prepend(words);
}

// What is longer than a section may be is told here: sent, it would be refused by the server unread.
function isTooLong(textarea) {
  const most = Number(textarea.dataset.most);
  const count = textarea.value.length;
  const old = textarea.parentElement.querySelector("[data-too-long]");
  if (old) old.remove();
  if (!most || count <= most) return false;
  const note = document.createElement("p");
  note.dataset.tooLong = "";
  note.className = "notice notice--wrong";
  note.setAttribute("role", "alert");
  const told = (number) => number.toLocaleString("vi-VN");
  note.textContent = `Mục này dài ${told(count)} chữ, nhiều hơn ${told(most)} chữ của một mục. Hãy chia thành nhiều mục.`;
  textarea.before(note);
  note.scrollIntoView({ block: "center" });
  return true;
}

function warnOfUnsaved(textarea) {
  let sending = false;
  textarea.form.addEventListener("submit", (event) => {
    if (isTooLong(textarea)) event.preventDefault();
    else sending = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (textarea.dataset.changed && !sending) event.preventDefault();
  });
}

// A mark at each paragraph that a remark is about; it follows the paragraph while one types.
function pin(box, place, editor) {
  const remarks = [...document.querySelectorAll("[data-remark-paragraph]")];
  if (!remarks.length) return;
  const layer = document.createElement("div");
  layer.className = "section-editor__pins";
  place.before(layer);
  const lines = () => [...place.querySelectorAll("p")];
  const marks = remarks.map((remark) => {
    const mark = document.createElement("a");
    mark.href = `#${remark.id}`;
    mark.title = "Có góp ý về đoạn này";
    mark.innerHTML = '<span class="visually-hidden">Có góp ý về đoạn này</span>';
    mark.prepend(document.querySelector(".section-remarks h2 .icon").cloneNode(true));
    layer.append(mark);
    const line = lines()[Number(remark.dataset.remarkParagraph)];
    return { mark, line, words: line?.textContent };
  });
  function follow() {
    const top = box.getBoundingClientRect().top;
    for (const one of marks) {
      if (!one.line?.isConnected) one.line = lines().find((line) => line.textContent === one.words);
      one.mark.hidden = !one.line;
      if (!one.line) continue;
      one.words = one.line.textContent;
      one.mark.style.top = `${one.line.getBoundingClientRect().top - top}px`;
    }
  }
  editor.on("update", () => requestAnimationFrame(follow));
  new ResizeObserver(follow).observe(place);
  follow();
}
