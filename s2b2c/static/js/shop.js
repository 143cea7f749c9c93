// A shop's small helpers: the panel opened by its address gets the focus, the rest of the page rests meanwhile.
(() => {
  "use strict";
  let before;
  const others = (panel) => [...document.body.children].filter((node) => node !== panel && !node.contains(panel) && node.nodeName !== "SCRIPT");
  function follow() {
    document.querySelectorAll("[inert][data-rest]").forEach((node) => {
      node.inert = false;
      delete node.dataset.rest;
    });
    const panel = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!panel || !panel.matches(".sf-drawer, .sf-sheet") || getComputedStyle(panel).position !== "fixed") {
      before?.focus?.();
      before = undefined;
      return;
    }
    before ||= document.activeElement;
    others(panel).forEach((node) => {
      node.inert = true;
      node.dataset.rest = "";
    });
    panel.focus();
  }
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector(".sf-drawer:target, .sf-sheet:target")) location.hash = "#";
  });
  // A click on the veil around an open panel closes it.
  addEventListener("click", (event) => {
    const panel = document.querySelector(".sf-drawer:target, .sf-sheet:target");
    if (panel && !panel.contains(event.target) && !event.target.closest("a")) location.hash = "#";
  });
  // The server opens a panel it has just filled: HX-Trigger {"panel": "bag"}.
  document.addEventListener("panel", (event) => {
    const hash = `#${event.detail.value}`;
    if (location.hash === hash) follow();
    else location.hash = hash;
  });
  if (location.hash) follow();
})();
