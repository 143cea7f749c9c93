// Judge the contrast of one element: of its text against every ground it may stand on, the worst counts.
([selector, allowed]) => {
  const element = document.querySelector(selector);
  if (!element) return { allowed: true, ratio: null, needed: 0, why: "gone meanwhile" };
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const over = (top, below) => top.rgb.map((part, at) => part * top.alpha + below[at] * (1 - top.alpha));
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [bright, dark] = [light(one), light(other)].sort((a, b) => b - a);
    return (bright + 0.05) / (dark + 0.05);
  };
  const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;

  const covers = (a, b) => a.left <= b.left + 1 && a.right >= b.right - 1 && a.top <= b.top + 1 && a.bottom >= b.bottom - 1;

  const style = getComputedStyle(element);
  const inSvg = element instanceof SVGElement;
  const place = element.getBoundingClientRect();
  const layers = []; // from the element outwards, until something opaque
  const beside = []; // grounds of pseudo-elements and shapes: they may lie below a part of the text
  let why = "";
  let faint = 1;
  let covered = null;
  for (let node = element; node; node = node.parentElement) {
    const look = getComputedStyle(node);
    faint *= Number(look.opacity);
    if (node instanceof SVGElement && !(node instanceof SVGSVGElement)) continue;
    for (const part of ["::before", "::after"]) {
      const drawn = getComputedStyle(node, part);
      if (drawn.content === "none" || drawn.display === "none") continue;
      const ground = rgba(drawn.backgroundColor);
      if (ground.alpha) beside.push(ground);
      if (drawn.backgroundImage.includes("url(")) why = `a picture in ${part} of ${node.nodeName.toLowerCase()}.${node.className}`;
    }
    // The arrow of a select is drawn by two gradients beside its text; any other picture is a ground of its own.
    if (look.backgroundImage !== "none" && node.nodeName !== "SELECT") why = `a picture behind it: ${look.backgroundImage.slice(0, 80)}`;
    const ground = rgba(look.backgroundColor);
    layers.push(ground);
    if (ground.alpha === 1) break;
  }
  if (inSvg) {
    for (const shape of element.ownerSVGElement.querySelectorAll("rect, circle, ellipse, path, polygon")) {
      const fill = getComputedStyle(shape).fill;
      const above = element.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (!above && fill !== "none" && fill.startsWith("url")) why = "a pattern below it";
      else if (!above && fill !== "none" && meets(place, shape.getBoundingClientRect())) {
        const drawn = rgba(fill);
        if (drawn.alpha === 1 && shape.nodeName === "rect" && covers(shape.getBoundingClientRect(), place)) {
          beside.length = 0; // what is below it can't be seen
          covered = drawn.rgb;
        } else beside.push(drawn);
      }
    }
  } else {
    const words = document.createRange();
    words.selectNodeContents(element);
    const text = words.getBoundingClientRect();
    for (const share of [0.1, 0.5, 0.9]) {
      const pile = document.elementsFromPoint(text.left + text.width * share, text.top + text.height / 2);
      for (const each of pile.includes(element) ? pile.slice(pile.indexOf(element)) : []) {
        if (/^(IMG|VIDEO|CANVAS|PICTURE)$/.test(each.nodeName)) why = `a picture below it: ${each.outerHTML.slice(0, 80)}`;
        if (why || rgba(getComputedStyle(each).backgroundColor).alpha === 1) break; // what is below can't be seen
      }
    }
  }
  const ground = covered || layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  const ink = rgba(inSvg ? style.fill : style.color);
  const grounds = [ground, ...beside.map((each) => over(each, ground))];
  const worst = Math.min(...grounds.map((each) => ratio(over({ rgb: ink.rgb, alpha: ink.alpha * faint }, each), each)));
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  return {
    allowed: allowed.some((each) => element.matches(each)),
    ratio: why ? null : worst,
    needed: large ? 3 : 4.5,
    why,
    colours: `${inSvg ? style.fill : style.color} on ${grounds.map((each) => `rgb(${each.map(Math.round)})`).join(" or ")}`,
  };
}
