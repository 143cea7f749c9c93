// What every page needs: CSRF for htmx, toasts, dialogs, palette, menus, the line that shows work in progress.
// Everything listens on the document, so parts swapped in later need no set-up.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const token = () => $("input[name=csrfmiddlewaretoken]")?.value || $("meta[name=csrf]")?.content || "";

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
  });

  // Progress line after 150 ms, so quick answers show nothing.
  let waiting = 0;
  let timer;
  const line = () => $("#prog");
  document.addEventListener("htmx:beforeRequest", () => {
    waiting += 1;
    timer ||= setTimeout(() => line()?.classList.add("on"), 150);
  });
  document.addEventListener("htmx:afterRequest", () => {
    waiting = Math.max(0, waiting - 1);
    if (waiting) return;
    clearTimeout(timer);
    timer = undefined;
    line()?.classList.remove("on");
  });

  // Toasts
  const leave = (box) => {
    box.classList.add("leave");
    setTimeout(() => box.remove(), 180);
  };
  const keep = (box) => setTimeout(() => leave(box), $("form:not([hidden])", box) ? 10000 : 6000);
  const toast = ({ text, tone = "ok", undo = "" }) => {
    const box = $("#toast-t")?.content.firstElementChild.cloneNode(true);
    if (!box) return;
    box.classList.add(tone);
    $(".txt", box).textContent = text;
    const form = $("form", box);
    if (undo) {
      form.hidden = false;
      form.action = undo;
      const field = $("input[name=csrfmiddlewaretoken]", form);
      if (field) field.value = token();
    } else form.remove();
    $("#toasts").append(box);
    keep(box);
  };
  document.querySelectorAll("[data-toast]").forEach(keep);
  document.addEventListener("toast", (event) => toast(event.detail));
  const words = { error: document.documentElement.lang.startsWith("zh") ? "没有成功，请再试一次。" : "That didn't work. Please try again." };
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast({ text: words.error, tone: "bad" });
  });
  document.addEventListener("htmx:sendError", () => toast({ text: words.error, tone: "bad" }));

  // Dialogs: <button data-open="id">; a click on the veil closes; focus returns by itself.
  const open = (id) => {
    const box = document.getElementById(id);
    if (!box || box.open) return false;
    box.showModal();
    $("input:not([type=hidden]), select, textarea", box)?.focus();
    return true;
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener && open(opener.dataset.open)) event.preventDefault();
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) leave(dismiss.closest("[data-toast]"));
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.nodeName === "DIALOG") event.target.close();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast({ text: copy.dataset.copied || copy.dataset.copy }));
    document.querySelectorAll("details.menu-d[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-print]")) window.print();
  });
  document.querySelectorAll("dialog[data-opened]").forEach((box) => box.showModal());

  // A form that asks before it acts: data-confirm names what will happen.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  // Selects and checkboxes that send their form at once; without script the form's button does it.
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-auto]");
    if (field) field.form.requestSubmit();
  });

  // A form that was refused begins where something is wrong.
  const wrong = $("main [aria-invalid=true]");
  if (wrong && document.activeElement === document.body) {
    wrong.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center", behavior: "instant" });
  }

  // A row of tabs that is wider than the screen begins where the reader is.
  const show = () =>
    document.querySelectorAll(".tabs-l").forEach((row) => {
      const here = $("[aria-current]", row);
      if (here) row.scrollLeft = Math.max(0, here.offsetLeft - row.offsetLeft + here.offsetWidth - row.clientWidth + 24);
    });
  show();
  document.addEventListener("htmx:afterSettle", show);

  // A menu that closes gives the focus back to what opened it.
  const shut = (menu) => {
    if (menu.contains(document.activeElement)) $("summary", menu)?.focus();
    menu.open = false;
  };

  // Palette: Ctrl-K, arrows, Enter.
  const typing = (node) => /^(INPUT|TEXTAREA|SELECT)$/.test(node.nodeName) || node.isContentEditable;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && open("palette")) event.preventDefault();
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu-d[open]").forEach(shut);
      event.target.closest?.("dialog.palette")?.close(); // the browser would only empty its field
    }
    if (event.key === "/" && !typing(event.target)) {
      const find = $("[data-find]");
      if (find) {
        event.preventDefault();
        find.focus();
      }
    }
    const field = event.target.closest?.("[data-palette]");
    if (!field || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const hits = [...document.querySelectorAll("#palette-hits a")];
    const now = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    event.preventDefault();
    if (event.key === "Enter") return void hits[Math.max(now, 0)]?.click();
    const next = (now + (event.key === "ArrowDown" ? 1 : -1) + hits.length) % hits.length;
    hits.forEach((hit, i) => hit.setAttribute("aria-selected", i === next));
    hits[next]?.scrollIntoView({ block: "nearest" });
  });
})();
