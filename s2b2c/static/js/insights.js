// Draws the lines of an insights page. The figures lie beside it as JSON, and below it as a table for everybody else.
(() => {
  "use strict";
  const locale = document.documentElement.lang.startsWith("zh") ? "zh-Hans-CN" : "en-US";

  function draw(box) {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const css = getComputedStyle(box);
    const colour = (name) => css.getPropertyValue(name).trim();
    const unit = 10 ** data.decimals;
    const style = data.currency ? { style: "currency", currency: data.currency } : { maximumFractionDigits: 1 };
    const money = new Intl.NumberFormat(locale, style);
    const short = new Intl.NumberFormat(locale, { notation: "compact" });
    const [ink, before, rule, muted] = ["--color-primary", "--edge", "--rule", "--muted"].map(colour);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const line = (series, index) => ({
      label: series.name,
      data: series.values.map((value) => (value === null ? null : value / unit)),
      borderColor: index && !series.dashed ? before : ink,
      backgroundColor: series.band ? rule : index && !series.dashed ? before : ink,
      fill: series.band ? "-1" : false,
      borderDash: index ? [4, 4] : [],
      borderWidth: series.band || series.edge ? 0 : index && !series.dashed ? 1.5 : 2,
      pointRadius: 0,
      pointHitRadius: 12,
    });
    new Chart(box.querySelector("canvas"), {
      type: "line",
      data: { labels: data.labels, datasets: data.series.map(line) },
      options: {
        animation: still ? false : { duration: 160 },
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: { align: "start", labels: { color: muted, boxWidth: 18, boxHeight: 1, filter: (item) => !data.series[item.datasetIndex].edge } },
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${money.format(item.parsed.y)}` } },
        },
        scales: {
          x: { grid: { display: false }, ticks: { color: muted, maxRotation: 0, autoSkipPadding: 16 } },
          y: { grid: { color: rule }, border: { display: false }, ticks: { color: muted, maxTicksLimit: 5, callback: (value) => short.format(value) } },
        },
      },
    });
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
