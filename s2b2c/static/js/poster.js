// Saves the poster of this page as a picture: what the browser laid out is painted again, in the reader's own fonts.
// Without this file the poster prints as it does.
(() => {
  "use strict";
  const WIDE = 1240; // px: A4 at 150 dots per inch

  const load = (address) =>
    new Promise((done, failed) => {
      const image = new Image();
      image.onload = () => done(image);
      image.onerror = failed;
      image.src = address;
    });

  // As `object-fit: cover` does.
  function cover(pen, image, box) {
    const [wide, high] = [image.naturalWidth || box.width, image.naturalHeight || box.height];
    const scale = Math.max(box.width / wide, box.height / high);
    const [w, h] = [box.width / scale, box.height / scale];
    pen.drawImage(image, (wide - w) / 2, (high - h) / 2, w, h, box.x, box.y, box.width, box.height);
  }

  // A drawing in the page, with its colours, as a picture of its own.
  function picture(svg) {
    const copy = svg.cloneNode(true);
    const { width, height } = svg.getBoundingClientRect();
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width * 4);
    copy.setAttribute("height", height * 4);
    const theirs = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((each, n) => {
      const style = getComputedStyle(theirs[n]);
      for (const name of ["fill", "stroke", "color"]) each.setAttribute(name, style.getPropertyValue(name));
      each.removeAttribute("class");
    });
    return load(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`);
  }

  // A text node as the lines it was broken into: their words and where they stand.
  function lines(node) {
    const range = document.createRange();
    const found = [];
    for (let at = 0; at < node.length; at++) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const rect = range.getClientRects()[0];
      if (!rect || !rect.width) continue;
      const last = found[found.length - 1];
      if (last && Math.abs(last.rect.top - rect.top) < 2) last.words += node.data[at];
      else found.push({ words: node.data[at], rect });
    }
    return found;
  }

  function write(pen, node, shift) {
    const style = getComputedStyle(node.parentElement);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    pen.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
    pen.fillStyle = style.color;
    for (const { words, rect } of lines(node)) {
      const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = pen.measureText(words);
      pen.fillText(words.trimEnd(), rect.x - shift.x, rect.y - shift.y + (rect.height * up) / (up + down));
    }
  }

  async function paint(poster) {
    const all = poster.getBoundingClientRect();
    const canvas = document.createElement("canvas");
    const scale = WIDE / all.width;
    [canvas.width, canvas.height] = [WIDE, Math.round(all.height * scale)];
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, all.width, all.height);
    const place = (each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      return { x: x - all.x, y: y - all.y, width, height };
    };
    for (const each of poster.querySelectorAll("img")) {
      await each.decode();
      cover(pen, each, place(each));
    }
    for (const each of poster.querySelectorAll("svg")) {
      const { x, y, width, height } = place(each);
      pen.drawImage(await picture(each), x, y, width, height);
    }
    const foot = poster.querySelector(".poster-f");
    const rule = place(foot);
    pen.fillStyle = getComputedStyle(foot).borderTopColor;
    pen.fillRect(rule.x, rule.y, rule.width, parseFloat(getComputedStyle(foot).borderTopWidth));
    const texts = document.createTreeWalker(poster, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (!texts.currentNode.parentElement.closest("svg, .sr-only")) write(pen, texts.currentNode, all);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  document.querySelectorAll("[data-save-poster]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      await document.fonts.ready;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await paint(document.querySelector(".poster")));
      link.download = button.dataset.savePoster;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      button.disabled = false;
    });
  });
})();
