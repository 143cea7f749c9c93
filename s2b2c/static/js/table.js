// The table's keys (j k x Enter / ? Esc), ranges with Shift, "select page". Without script rows are links and boxes.
(() => {
  "use strict";
  const table = (node) => node.closest?.(".tbl");
  const boxes = (root) => [...root.querySelectorAll("tbody .ck input")];
  const every = (root) => root.querySelector("input[name=all]");

  function count(root) {
    const chosen = boxes(root).filter((box) => box.checked).length;
    const all = every(root);
    if (all && chosen < boxes(root).length) all.checked = false;
    const shown = root.querySelector("[data-chosen]");
    if (shown) shown.textContent = all?.checked ? all.dataset.total : chosen;
    const page = root.querySelector("thead .ck input");
    if (page) {
      page.checked = chosen > 0 && chosen === boxes(root).length;
      page.indeterminate = chosen > 0 && !page.checked;
    }
  }

  function none(root) {
    const before = boxes(root).filter((box) => box.checked).length;
    if (every(root)) every(root).checked = false;
    boxes(root).forEach((box) => (box.checked = false));
    count(root);
    return before;
  }

  // A range: from the box clicked last to the one clicked with Shift, all as that one is now.
  let last = null;
  function range(root, box) {
    const all = boxes(root);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (from < 0) return;
    all.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
  }

  document.addEventListener("change", (event) => {
    const root = table(event.target);
    if (!root || !event.target.closest(".ck, .bulk")) return;
    if (event.target.closest("thead")) boxes(root).forEach((box) => (box.checked = event.target.checked));
    if (event.target.name === "all" && event.target.checked) boxes(root).forEach((box) => (box.checked = true));
    count(root);
  });
  document.addEventListener("click", (event) => {
    const root = table(event.target);
    if (!root) return;
    const label = event.target.closest("tbody .ck label");
    const box = label?.querySelector("input");
    if (box && event.target === box) {
      if (event.shiftKey && last?.isConnected && last !== box) range(root, box);
      last = box;
      count(root);
    } else if (label && event.shiftKey) {
      event.preventDefault(); // the browser would select text and pass the click on without the key
      box.checked = !box.checked;
      if (last?.isConnected) range(root, box);
      last = box;
      count(root);
    }
    if (event.target.closest("[data-none]")) none(root);
  });
  document.addEventListener("htmx:afterSettle", () => document.querySelectorAll(".tbl").forEach(count));

  const typing = (node) => /^(INPUT|TEXTAREA|SELECT)$/.test(node.nodeName) && !/^(checkbox|radio)$/.test(node.type);
  function leave(root) {
    const menu = document.querySelector("details.menu-d[open]");
    if (menu) return; // ui.js closes it
    if (!none(root)) root.querySelectorAll("tr.cur").forEach((row) => row.classList.remove("cur"));
  }

  document.addEventListener("keydown", (event) => {
    const root = document.querySelector(".tbl[data-keys]");
    if (!root || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (typing(event.target) && table(event.target)) event.target.blur();
      else if (!typing(event.target)) leave(root);
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      document.getElementById(`${root.id}-keys`)?.showModal();
      return;
    }
    const rows = [...root.querySelectorAll("tbody tr")];
    const now = rows.findIndex((row) => row.classList.contains("cur"));
    if (event.key === "x" && now >= 0) {
      const box = rows[now].querySelector(".ck input");
      if (!box) return;
      box.checked = !box.checked;
      last = box;
      count(root);
    } else if (event.key === "Enter" && now >= 0 && (event.target === document.body || event.target.closest(".ck"))) {
      event.preventDefault();
      rows[now].querySelector("th a, a")?.click();
    } else if (event.key === "j" || event.key === "k") {
      const next = Math.min(Math.max(now + (event.key === "j" ? 1 : -1), 0), rows.length - 1);
      rows.forEach((row, i) => row.classList.toggle("cur", i === next));
      rows[next]?.scrollIntoView({ block: "nearest" });
    }
  });
})();
