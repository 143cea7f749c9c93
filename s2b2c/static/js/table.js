// The table's keys (j k x Enter, ?), "select page", "select all matching". Without script rows are links and boxes.
(() => {
  "use strict";
  const table = (node) => node.closest(".tbl");
  const boxes = (root) => [...root.querySelectorAll("tbody .ck input")];

  function count(root) {
    const chosen = boxes(root).filter((box) => box.checked).length;
    const every = root.querySelector("input[name=all]");
    if (every && chosen < boxes(root).length) every.checked = false;
    const shown = root.querySelector("[data-chosen]");
    if (shown) shown.textContent = every?.checked ? every.dataset.total : chosen;
    const page = root.querySelector("thead .ck input");
    if (page) {
      page.checked = chosen > 0 && chosen === boxes(root).length;
      page.indeterminate = chosen > 0 && !page.checked;
    }
  }

  document.addEventListener("change", (event) => {
    const root = table(event.target);
    if (!root || !event.target.closest(".ck, .bulk")) return;
    if (event.target.closest("thead")) boxes(root).forEach((box) => (box.checked = event.target.checked));
    count(root);
  });
  document.addEventListener("click", (event) => {
    const root = table(event.target);
    if (!root) return;
    if (event.target.closest("[data-every]")) {
      const every = root.querySelector("input[name=all]");
      every.checked = !every.checked;
      boxes(root).forEach((box) => (box.checked = true));
      count(root);
    }
    if (event.target.closest("[data-none]")) {
      root.querySelectorAll("input[name=all]").forEach((box) => (box.checked = false));
      boxes(root).forEach((box) => (box.checked = false));
      count(root);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.nodeName)) return;
    const root = document.querySelector(".tbl[data-keys]");
    if (!root || document.querySelector("dialog[open]") || !"jkx".includes(event.key) && event.key !== "Enter") return;
    const rows = [...root.querySelectorAll("tbody tr")];
    const now = rows.findIndex((row) => row.classList.contains("cur"));
    if (event.key === "x" && now >= 0) {
      const box = rows[now].querySelector(".ck input");
      if (box) box.click();
    } else if (event.key === "Enter" && now >= 0 && event.target === document.body) {
      rows[now].querySelector("a")?.click();
    } else if (event.key === "j" || event.key === "k") {
      const next = Math.min(Math.max(now + (event.key === "j" ? 1 : -1), 0), rows.length - 1);
      rows.forEach((row, i) => row.classList.toggle("cur", i === next));
      rows[next]?.scrollIntoView({ block: "nearest" });
    }
  });
})();
