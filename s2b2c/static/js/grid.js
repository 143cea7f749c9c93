// The spreadsheet of variants: paste cells from a spreadsheet, arrows and Enter between rows, undo, changed cells marked.
// Without script it is a form of text fields.
(() => {
  "use strict";
  const cells = (grid) => [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input:not([type=checkbox]):not([readonly])")]);
  const at = (rows, cell) => {
    const y = rows.findIndex((row) => row.includes(cell));
    return y < 0 ? null : [y, rows[y].indexOf(cell)];
  };

  function mark(grid) {
    const typed = [...grid.querySelectorAll("input[data-stored]")];
    let changed = 0;
    for (const input of typed) {
      const differs = input.value !== input.dataset.stored;
      changed += differs;
      const cell = input.closest("td, th");
      if (!cell.classList.contains("bad") || !differs) cell.classList.toggle("chg", differs);
      if (!differs) cell.classList.remove("bad");
    }
    const note = grid.querySelector("[data-grid-note]");
    if (note) note.textContent = !changed ? "" : changed === 1 ? note.dataset.one : note.dataset.many.replace("%n", changed);
  }

  const past = [];
  const remember = (grid) => {
    past.push([...grid.querySelectorAll("input[data-stored]")].map((input) => [input, input.value]));
    if (past.length > 50) past.shift();
  };

  document.addEventListener("focusin", (event) => {
    const grid = event.target.closest("[data-grid]");
    if (grid && event.target.dataset.stored !== undefined) {
      event.target.select();
      remember(grid);
    }
  });
  document.addEventListener("input", (event) => {
    const grid = event.target.closest("[data-grid]");
    if (grid) mark(grid);
  });
  document.addEventListener("paste", (event) => {
    const grid = event.target.closest?.("[data-grid]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const start = grid && at(cells(grid), event.target);
    if (!start || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    remember(grid);
    const rows = cells(grid);
    text.trimEnd().split(/\r?\n/).forEach((line, dy) =>
      line.split("\t").forEach((value, dx) => {
        const cell = rows[start[0] + dy]?.[start[1] + dx];
        if (cell) cell.value = value.trim();
      }),
    );
    mark(grid);
  });
  document.addEventListener("keydown", (event) => {
    const grid = event.target.closest?.("[data-grid]");
    if (!grid || event.target.dataset.stored === undefined) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && past.length) {
      event.preventDefault();
      let before = past.pop();
      while (past.length && before.every(([input, value]) => input.value === value)) before = past.pop();
      before.forEach(([input, value]) => (input.value = value));
      mark(grid);
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    const rows = cells(grid);
    const place = step && at(rows, event.target);
    if (!place) return;
    event.preventDefault();
    rows[place[0] + step]?.[place[1]]?.focus();
  });
  document.querySelectorAll("[data-grid]").forEach(mark);
})();
