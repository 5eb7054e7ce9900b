// The grid of fields by keyboard: arrows up and down and Enter move between rows.
(() => {
  "use strict";
  const table = document.querySelector(".entry__table");
  if (!table) return;
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };

  table.addEventListener("keydown", (event) => {
    const rows = step[event.key];
    const field = event.target;
    if (!rows || !field.matches(".grid-input") || event.altKey || event.ctrlKey) return;
    const cell = field.closest("td");
    let row = cell.parentElement;
    do {
      row = rows < 0 ? row.previousElementSibling : row.nextElementSibling;
    } while (row && !row.cells[cell.cellIndex]?.querySelector(".grid-input"));
    if (!row) return;
    event.preventDefault();
    const next = row.cells[cell.cellIndex].querySelector(".grid-input");
    next.focus();
    next.select();
  });

  // A column copied from a spreadsheet fills the cells below and to the right.
  table.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field.matches(".grid-input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    let row = field.closest("tr");
    const column = field.closest("td").cellIndex;
    for (const line of text.replace(/\r/g, "").replace(/\n$/, "").split("\n")) {
      if (!row) break;
      line.split("\t").forEach((value, index) => {
        const input = row.cells[column + index]?.querySelector(".grid-input");
        if (input) input.value = value.trim();
      });
      row = row.nextElementSibling;
    }
  });

  const wrong = table.querySelector(".is-wrong .grid-input");
  if (wrong) wrong.focus();
})();
