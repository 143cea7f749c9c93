// The shop owner's office: the pick bar, the price slider and what is kept, the preview's width.
// Everything works without this file: forms are forms, the server counts.
(() => {
  "use strict";
  const locale = document.documentElement.lang.startsWith("zh") ? "zh-Hans-CN" : "en-US";
  const money = (minor, currency, decimals) =>
    (minor < 0 ? "−" : "") + new Intl.NumberFormat(locale, { style: "currency", currency }).format(Math.abs(minor) / 10 ** decimals);
  const bps = (amount, rate) => Math.floor((amount * rate + 5000) / 10000);

  // Pick bar: how many, and what one of each would leave.
  function count(form) {
    const picked = [...form.querySelectorAll("input[name=product]:checked")];
    const word = form.querySelector("[data-picked]");
    const sum = form.querySelector("[data-sum]");
    if (!word) return;
    const { one, many, none } = word.dataset;
    word.textContent = picked.length === 0 ? none : picked.length === 1 ? one : many.replace("%s", picked.length);
    form.querySelector("[data-count]").textContent = picked.length || "";
    const { currency, decimals } = form.dataset;
    const kept = picked.reduce((total, box) => total + Number(box.dataset.keep), 0);
    sum.textContent = picked.length ? sum.dataset.sum.replace("%s", money(kept, currency, Number(decimals))) : "";
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-picks]");
    if (form && event.target.name === "product") count(form);
  });
  document.querySelectorAll("[data-picks]").forEach(count);
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-picks]").forEach(count));

  // Price: number and slider are one value; what is kept follows at once.
  function show(box, minor, from) {
    const { currency } = box.dataset;
    const [decimals, wholesale, fee, tax] = ["decimals", "wholesale", "fee", "tax"].map((name) => Number(box.dataset[name]));
    const number = box.querySelector("[data-number]");
    const range = box.querySelector("[data-range]");
    if (from !== number) number.value = (minor / 10 ** decimals).toFixed(decimals);
    if (from !== range) range.value = minor;
    const taken = bps(minor, fee);
    const taxed = tax ? minor - Math.floor((minor * 10000 + Math.floor((10000 + tax) / 2)) / (10000 + tax)) : 0;
    const keep = minor - taxed - wholesale - taken;
    const put = (name, value) => box.querySelectorAll(`[data-out=${name}]`).forEach((node) => (node.textContent = value));
    put("ask", money(minor, currency, decimals));
    put("fee", money(-taken, currency, decimals));
    put("tax", money(-taxed, currency, decimals));
    put("keep", money(keep, currency, decimals));
    const width = Math.max(Number(range.max) - Number(range.min), 1);
    const share = Math.min(Math.max((minor - Number(range.min)) / width, 0), 1) * 100;
    box.querySelector(".fil")?.setAttribute("width", `${share}%`);
    range.setAttribute("aria-valuetext", money(minor, currency, decimals));
  }
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-price]");
    if (!box) return;
    if (event.target.matches("[data-range]")) show(box, Number(event.target.value), event.target);
    if (event.target.matches("[data-number]")) {
      const typed = Number(event.target.value.replace(",", "."));
      if (Number.isFinite(typed)) show(box, Math.round(typed * 10 ** Number(box.dataset.decimals)), event.target);
    }
  });

  // Design: a colour well and its text are one value; the frame shows every choice at once.
  document.addEventListener("input", (event) => {
    const well = event.target.closest("[data-well]");
    if (well) {
      const text = document.getElementById(well.dataset.well);
      text.value = well.value;
      text.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-design]");
    if (form && event.target.name !== "pv") form.querySelector("[data-try]")?.click();
  });
})();
