/* What a page may have that axe does not see. Each detector looks at the page as it is drawn now and returns sentences.
   tests/test_access.py puts this into each page, and holds each detector to a page that is broken on purpose. */

window.barriers = (() => {
  const FOCUSABLE = "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex], [contenteditable=true]";
  const SCRIPTS = [
    [/\p{Script=Hiragana}|\p{Script=Katakana}/u, ["ja"]],
    [/\p{Script=Hangul}/u, ["ko"]],
    [/\p{Script=Han}/u, ["zh", "ja", "ko"]],
    [/\p{Script=Cyrillic}/u, ["ru", "uk", "be", "bg", "kk", "ky", "mk", "sr"]],
    [/\p{Script=Arabic}/u, ["ar", "fa", "ur", "ug"]],
    [/\p{Script=Hebrew}/u, ["he", "yi"]],
  ];
  const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
  const EMPTY_WORDS = new Set(["here", "click here", "more", "read more", "link", "this", "see here", "这里", "此处", "更多", "здесь", "тут", "подробнее", "ещё", "детальніше", "більше"]);

  const tidy = text => (text || "").replace(/\s+/g, " ").trim();
  const short = text => (tidy(text).length > 60 ? tidy(text).slice(0, 57) + "…" : tidy(text));
  const called = node => {
    const classes = typeof node.className === "string" && node.className ? "." + node.className.trim().split(/\s+/).join(".") : "";
    return `<${node.tagName.toLowerCase()}${classes}> ${short(node.textContent)}`;
  };
  const styleOf = (node, pseudo) => getComputedStyle(node, pseudo);

  /* A text for the ear alone: one pixel, or clipped away. */
  const isForTheEar = node => {
    for (let at = node; at && at !== document.documentElement; at = at.parentElement) {
      const style = styleOf(at);
      if (style.clipPath.startsWith("inset(50%") || (style.position === "absolute" && at.clientWidth <= 1 && at.clientHeight <= 1 && style.overflow === "hidden")) return true;
    }
    return false;
  };
  const isShown = node => node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true });
  const scrolls = node => {
    for (let at = node; at && at !== document.body; at = at.parentElement) {
      const style = styleOf(at);
      if (/auto|scroll/.test(style.overflowX + style.overflowY) && (at.scrollWidth > at.clientWidth || at.scrollHeight > at.clientHeight)) return true;
    }
    return false;
  };

  /* --- colours ------------------------------------------------------------------------------- */
  const rgba = colour => {
    const numbers = (colour.match(/[\d.]+/g) || []).map(Number);
    return numbers.length > 3 ? numbers : [...numbers.slice(0, 3), 1];
  };
  const luminance = colour =>
    rgba(colour).slice(0, 3).map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (one, other) => {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const groundOf = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = styleOf(at).backgroundColor;
      if (rgba(colour)[3] > 0.5) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
  };

  /* --- what a reader moves along --------------------------------------------------------------- */
  function outline() {
    const found = [];
    const heads = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const first = heads.filter(head => head.tagName === "H1");
    if (first.length !== 1) found.push(`${first.length} headings of the first rank`);
    if (first.length && !first[0].closest("main")) found.push("the heading of the first rank stands outside <main>");
    let rank = 0;
    for (const head of heads) {
      const its = Number(head.tagName[1]);
      if (its > rank + 1) found.push(`a heading jumps from ${rank} to ${its}: ${short(head.textContent)}`);
      if (!tidy(head.textContent)) found.push(`an empty heading of rank ${its}`);
      rank = its;
    }
    return found;
  }

  function tables() {
    const found = [];
    for (const table of document.querySelectorAll("table")) {
      const name = short(table.caption ? table.caption.textContent : table.textContent);
      const frame = table.closest("[aria-label]"); // an author's table is called by the frame that it scrolls in
      if (!(frame && frame.firstElementChild === table) && !(table.caption && tidy(table.caption.textContent))) found.push(`a table without a caption: ${name}`);
      const heads = [...table.querySelectorAll("th")];
      if (!heads.length) found.push(`a table without headings: ${name}`);
      for (const head of heads) {
        if (!["col", "row", "colgroup", "rowgroup"].includes(head.getAttribute("scope"))) found.push(`a heading without scope: ${short(head.textContent)} in ${name}`);
        if (!tidy(head.textContent)) found.push(`an empty heading in ${name}`);
      }
    }
    return found;
  }

  function charts() {
    const found = [];
    for (const svg of document.querySelectorAll("svg")) {
      if (svg.getAttribute("aria-hidden") === "true" || !isShown(svg)) continue;
      if (svg.getAttribute("role") !== "img") found.push(`a drawing that is no image: ${called(svg)}`);
      if (!tidy(svg.getAttribute("aria-label"))) found.push(`a drawing without a name: ${called(svg)}`);
      const figure = svg.closest("figure");
      const table = figure && figure.querySelector("table");
      if (!table || !(svg.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING)) found.push(`no table follows the drawing ${short(svg.getAttribute("aria-label"))}`);
      for (const text of svg.querySelectorAll("text")) if (parseFloat(styleOf(text).fontSize) < 9) found.push(`a text too small to be read in a drawing: ${styleOf(text).fontSize} ${short(text.textContent)}`);
    }
    return found;
  }

  function links() {
    const found = [], lists = new Map();
    for (const link of document.querySelectorAll("a[href]")) {
      const text = tidy(link.getAttribute("aria-label") || link.textContent).toLowerCase();
      if (!text && !link.querySelector("img[alt]:not([alt='']), svg[aria-label]")) found.push(`a link without words: ${link.getAttribute("href")}`);
      if (EMPTY_WORDS.has(text.replace(/[.…!]$/, ""))) found.push(`a link that says nothing by itself: ${text}`);
      const list = link.closest("ul, ol, dl, table, nav");
      if (!list || !text) continue;
      const known = lists.get(list) || lists.set(list, new Map()).get(list);
      const around = [text, ...["p", "li, dd, tr"].map(part => tidy((link.closest(part) || link).textContent))].join(" | "); // what WCAG 2.4.4 counts as said with it
      if (known.has(around) && known.get(around) !== link.href) found.push(`two links of one list are called ${short(text)} and lead to …${known.get(around).slice(-40)} and …${link.href.slice(-40)}`);
      known.set(around, link.href);
    }
    return found;
  }

  /* --- scripts and directions ------------------------------------------------------------------- */
  function* texts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) if (tidy(node.data) && !node.parentElement.closest("script, style, template")) yield [node.data, node.parentElement, true];
    for (const node of document.body.querySelectorAll("[alt], [aria-label], [title], [placeholder]")) for (const name of ["alt", "aria-label", "title", "placeholder"]) if (node.getAttribute(name)) yield [node.getAttribute(name), node, false];
  }

  function languages() {
    const found = [];
    for (const [text, node] of texts()) {
      const code = (node.closest("[lang]") || document.documentElement).lang.split("-")[0];
      let rest = text;
      if (code === "ja") rest = rest.replace(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu, "");
      for (const [script, codes] of SCRIPTS) if (script.test(rest) && !codes.includes(code)) found.push(`words in another script stand under lang="${code}": ${short(text)}`);
    }
    return found;
  }

  function directions() {
    const found = [];
    for (const [text, node, drawn] of texts()) {
      if (!drawn || !RIGHT_TO_LEFT.test(text)) continue;
      let at = node; // the nearest part that is set by itself
      while (at !== document.body && styleOf(at).unicodeBidi === "normal" && styleOf(at).display === "inline") at = at.parentElement;
      if (styleOf(at).direction !== "rtl" && !/plaintext/.test(styleOf(at).unicodeBidi)) found.push(`words from right to left mix with those around them: ${short(text)}`);
    }
    return found;
  }

  /* --- room ------------------------------------------------------------------------------------- */
  function wide() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const over = [...document.body.querySelectorAll("*")].filter(node => node.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(node.parentElement));
    return [`the page is ${root.scrollWidth} px wide on ${root.clientWidth}: ${over.slice(0, 3).map(called).join(", ")}`];
  }

  function cut() {
    const found = [];
    for (const node of document.body.querySelectorAll("*")) {
      if (node instanceof SVGElement || !isShown(node) || isForTheEar(node)) continue;
      const style = styleOf(node), text = tidy(node.textContent);
      if (!text) continue;
      const hides = axis => /hidden|clip/.test(axis);
      if (hides(style.overflowX) && node.scrollWidth > node.clientWidth + 1) found.push(`cut at the side: ${called(node)}`);
      if (hides(style.overflowY) && node.scrollHeight > node.clientHeight + 1) found.push(`cut below: ${called(node)}`);
      if (node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(style.overflowX) && !node.matches("[tabindex='0']") && !node.querySelector("a, summary, button, input") && style.display !== "inline") found.push(`scrolls sideways, and no key reaches it: ${called(node)}`);
    }
    return found;
  }

  const lines = () => {
    const boxes = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement;
      if (!tidy(node.data) || parent.closest("svg, script, style") || !isShown(parent) || isForTheEar(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const inFrame = scrolls(parent);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) boxes.push({ left: box.left, right: box.right, top: box.top + box.height * 0.3, bottom: box.bottom - box.height * 0.3, node, inFrame });
    }
    return boxes.sort((a, b) => a.top - b.top);
  };

  function overlaps() {
    const found = new Set(), boxes = lines();
    boxes.forEach((box, i) => {
      if (!box.inFrame && box.left < -1 && box.right > 0) found.add(`runs out of the page at the left: ${short(box.node.data)}`);
      for (let j = i + 1; j < boxes.length && boxes[j].top < box.bottom; j++) {
        const other = boxes[j];
        if (other.node !== box.node && !other.inFrame && !box.inFrame && Math.min(box.right, other.right) - Math.max(box.left, other.left) > 2) found.add(`lies over another text: ${short(box.node.data)} | ${short(other.node.data)}`);
      }
    });
    return [...found];
  }

  /* WCAG 2.5.8: 24 px each way; or a link in a line of words; or so much room that circles of 24 px do not meet. */
  function targets() {
    for (const frame of document.querySelectorAll("[tabindex='0']")) frame.scrollTo(0, 0); // what stays in place covers what was scrolled under it
    const found = [], all = [...document.querySelectorAll("a[href], button, summary, input, select, textarea")].filter(node => isShown(node) && !isForTheEar(node));
    const boxes = all.map(node => node.getBoundingClientRect());
    const frames = all.map(node => { // what a frame has scrolled away is near to nothing outside
      for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) if (/auto|scroll/.test(styleOf(at).overflowX + styleOf(at).overflowY)) return at;
      return null;
    });
    const isSmall = box => box.width < 23.5 || box.height < 23.5;
    const inWords = node => {
      if (!styleOf(node).display.startsWith("inline")) return false;
      let block = node.parentElement;
      while (styleOf(block).display === "inline") block = block.parentElement;
      return /^(block|list-item|table-cell)/.test(styleOf(block).display) && tidy(block.textContent) !== tidy(node.textContent);
    };
    const apart = (box, other) => {
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      if (isSmall(other)) return Math.hypot(x - (other.left + other.right) / 2, y - (other.top + other.bottom) / 2) >= 23.5;
      const [nearX, nearY] = [Math.min(Math.max(x, other.left), other.right), Math.min(Math.max(y, other.top), other.bottom)];
      return Math.hypot(x - nearX, y - nearY) >= 11.5;
    };
    all.forEach((node, i) => {
      const box = boxes[i];
      if (!box.width || !isSmall(box) || inWords(node)) return;
      const near = all.find((other, j) => j !== i && frames[j] === frames[i] && boxes[j].width && !node.contains(other) && !other.contains(node) && Math.abs(boxes[j].top - box.top) < 60 + boxes[j].height && !apart(box, boxes[j]));
      if (near) found.push(`${Math.round(box.width)} × ${Math.round(box.height)} px, and close to another: ${called(node)} | ${called(near)}`);
    });
    return found;
  }

  /* --- moving things ---------------------------------------------------------------------------- */
  function motion() {
    const found = document.getAnimations().map(one => `something moves: ${one.animationName || one.transitionProperty || "an animation"}`);
    for (const node of document.querySelectorAll("*")) {
      const style = styleOf(node);
      if (style.scrollBehavior === "smooth") found.push(`${called(node)} scrolls smoothly`);
      if (style.animationName !== "none") found.push(`${called(node)} is animated`);
      if (style.transitionDuration.split(", ").some(time => parseFloat(time) > 0)) found.push(`${called(node)} moves when it changes`);
    }
    return found.slice(0, 5);
  }

  /* --- colours that the reader forces ------------------------------------------------------------ */
  function shapes() {
    const found = [];
    for (const svg of document.querySelectorAll("svg")) {
      if (!isShown(svg)) continue;
      const ground = groundOf(svg), inks = new Set();
      for (const mark of svg.querySelectorAll("path, line, rect, circle, polyline, polygon, text")) {
        const style = styleOf(mark);
        for (const [paint, opacity] of [[style.fill, style.fillOpacity], [style.stroke, style.strokeOpacity]]) if (paint !== "none" && rgba(paint)[3] > 0.5 && Number(opacity) > 0.5) inks.add(paint);
        if (mark.tagName === "text" && contrast(style.fill, ground) < 4.5) found.push(`a text of a drawing cannot be read, ${style.fill} on ${ground}: ${short(mark.textContent)}`);
      }
      if (inks.size && ![...inks].some(ink => contrast(ink, ground) >= 3)) found.push(`nothing of a drawing can be seen on ${ground}: ${called(svg.parentElement)}`);
    }
    return [...new Set(found)];
  }

  /* --- the keyboard ------------------------------------------------------------------------------ */
  const stops = () => [...document.querySelectorAll(FOCUSABLE)].filter(node => node.tabIndex >= 0 && !node.disabled && isShown(node));

  function order() {
    const found = [];
    for (const node of document.querySelectorAll("body *")) {
      if (node.tabIndex > 0) found.push(`a place of its own in the order of the keyboard: ${called(node)}`);
      const style = styleOf(node);
      if (style.order !== "0" || /reverse/.test(style.flexDirection) || /reverse/.test(style.flexWrap)) found.push(`drawn in another order than it is read: ${called(node)}`);
    }
    return found;
  }

  function listen() {
    const seen = [];
    window.__seen = seen;
    window.__stops = stops();
    addEventListener("focusin", event => {
      const node = event.target, problems = [];
      const style = styleOf(node), box = node.getBoundingClientRect(), boxes = [...node.getClientRects()];
      const first = boxes[0] || box;
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      if (!ring) problems.push(`no ring around what has the focus: ${called(node)}`);
      else if (contrast(style.outlineColor, groundOf(node.parentElement || node)) < 3) problems.push(`the ring around what has the focus cannot be seen: ${called(node)}`);
      const points = boxes.flatMap(one => [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [one.left + one.width * x, one.top + one.height * y]));
      const inside = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
      const large = box.width > innerWidth * 0.5 || box.height > innerHeight * 0.5;
      if (!inside.length && !large) problems.push(`has the focus, and is out of view (${Math.round(first.left)}, ${Math.round(first.top)}): ${called(node)}`);
      if (inside.length && !inside.some(([x, y]) => { const hit = document.elementFromPoint(x, y); return hit && (node === hit || node.contains(hit) || (hit.contains(node) && hit !== document.body && hit !== document.documentElement)); })) problems.push(`has the focus, and is hidden behind something: ${called(node)}`);
      seen.push([node, problems]);
    }, true);
    return window.__stops.length;
  }

  /* What the walk that `listen` watched has found: each stop once, in the order of the text. */
  function walked() {
    const found = window.__seen.flatMap(([, problems]) => problems);
    const reached = window.__seen.map(([node]) => node).filter(node => window.__stops.includes(node));
    const once = [...new Set(reached)];
    for (const node of window.__stops) if (!reached.includes(node)) found.push(`no key reaches it: ${called(node)}`);
    if (reached.length > once.length) found.push(`the keyboard comes ${reached.length - once.length} times to where it was`);
    once.forEach((node, i) => { if (node !== window.__stops[i] && once.length === window.__stops.length) found.push(`out of order for the keyboard: ${called(node)}`); });
    return [...new Set(found)];
  }

  return { outline, tables, charts, links, languages, directions, wide, cut, overlaps, targets, motion, shapes, order, listen, walked };
})();
