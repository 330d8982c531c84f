// What a preview adds to each page: it takes in every save, and shows beside the page what is wrong and what it stands on.
// Nothing of it is published. All of it lives in one element with a shadow root, so that the page's looks stay as they are.
"use strict";

(() => {
  const language = () => document.documentElement.lang || "en";
  const make = (name, attributes = {}, ...children) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  // --- the panel ---

  const host = make("div", { id: "declared-preview" });
  const root = host.attachShadow({ mode: "open" });
  const badge = make("button", { type: "button", className: "badge" });
  const panel = make("aside", { className: "panel", hidden: sessionStorage.panel !== "open" });
  panel.setAttribute("aria-label", "Preview");
  const tabs = make("div", { className: "tabs" });
  tabs.setAttribute("role", "tablist");
  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");
  const views = {
    problems: make("section", { className: "view" }),
    claim: make("section", { className: "view" }),
    figures: make("section", { className: "view" }),
  };
  const names = { problems: "Problems", claim: "This claim", figures: "Figures" };
  for (const [key, view] of Object.entries(views)) {
    const tab = make("button", { type: "button", textContent: names[key], id: `tab-${key}` });
    tab.setAttribute("role", "tab");
    tab.dataset.view = key;
    tab.addEventListener("click", () => choose(key));
    tabs.append(tab);
    view.setAttribute("role", "tabpanel");
    view.setAttribute("aria-labelledby", `tab-${key}`);
  }
  panel.append(tabs, status, ...Object.values(views));
  root.append(make("link", { rel: "stylesheet", href: "/_declared/preview.css" }), panel, badge);
  document.body.append(host);

  const choose = (key) => {
    sessionStorage.view = key;
    for (const [name, view] of Object.entries(views)) view.hidden = name !== key;
    for (const tab of tabs.children) tab.setAttribute("aria-selected", String(tab.dataset.view === key));
    if (key === "figures") showFigures();
  };
  const open = (shown) => {
    panel.hidden = !shown;
    sessionStorage.panel = shown ? "open" : "shut";
    badge.setAttribute("aria-expanded", String(shown));
    document.documentElement.classList.toggle("declared-open", shown); // beside the page where there is room
  };
  badge.addEventListener("click", () => open(panel.hidden));
  open(!panel.hidden);

  // --- what is wrong ---

  const showProblems = (state) => {
    const items = state.problems.map((found) =>
      make(
        "li",
        { className: found.severity },
        make("p", { className: "place", textContent: `${found.place} ${found.code} ${found.severity}` }),
        make("p", { textContent: found.message }),
        found.line ? make("pre", { textContent: found.line }) : null,
        make("p", { className: "cure", textContent: found.cure }),
        found.rest ? make("p", { className: "place", textContent: found.rest }) : null,
      ),
    );
    const trouble = state.trouble ? [make("p", { className: "trouble", textContent: state.trouble })] : [];
    const none = items.length || trouble.length ? [] : [make("p", { textContent: "Nothing is wrong." })];
    views.problems.replaceChildren(...trouble, ...none, make("ol", { className: "list" }, ...items));
  };

  // --- what a claim stands on ---

  const link = (text, page) => make("a", { href: `/${page}`, textContent: text });
  const part = (title, ...children) => make("section", {}, make("h3", { textContent: title }), ...children);
  const rowsOf = (number) =>
    number.rows.length
      ? make(
          "details",
          {},
          make("summary", { textContent: `Rows: ${number.rows.length + number.more}` }),
          make(
            "ul",
            {},
            ...number.rows.map((row) => make("li", {}, link(row.name, row.page), make("code", { textContent: ` ${row.id}` }))),
            number.more ? make("li", { textContent: `and ${number.more} more` }) : null,
          ),
        )
      : null;
  const meaningOf = (number) => [
    make("p", { className: "label", textContent: number.label }),
    number.about ? make("p", { textContent: number.about }) : null,
    number.definition && number.definition.length
      ? make("p", { className: "definition", textContent: number.definition.join(" · ") })
      : null,
    rowsOf(number),
  ];

  const STATES = { whole: "whole", partly: "partly", stale: "older than the original", missing: "not translated" };
  const showClaim = (claim) => {
    if (!claim) {
      views.claim.replaceChildren(make("p", { textContent: "This page is no claim. Open one to see what it stands on." }));
      return;
    }
    const { coverage, words } = claim;
    const fits = words.count >= words.least && words.count <= words.most;
    const card = make("img", { src: `/${claim.card}?${stamp}`, alt: "Share card of this claim", width: 300, height: 158 });
    views.claim.replaceChildren(
      make("p", { className: "file", textContent: claim.path }),
      claim.stage ? make("p", { className: "stage", textContent: `Readers do not see this page: ${claim.stage.replace("_", " ")}.` }) : "",
      make("p", { textContent: `Numbers: ${coverage.bound} bound, ${coverage.exempt} exempt, ${coverage.loose} loose.` }),
      make("p", {
        className: fits ? "" : "warn",
        textContent: `Words of the text: ${words.count} of ${words.least} to ${words.most}.`,
      }),
      part(
        "Premises",
        ...(claim.premises.length
          ? claim.premises.map((premise) =>
              make(
                "div",
                { className: premise.outcome === premise.expected ? "premise" : "premise warn" },
                make("p", {}, make("code", { textContent: premise.test }), ` ${premise.outcome}, ${premise.expected} expected`),
                ...premise.firm.map((line) => make("p", { className: "firm", textContent: line })),
              ),
            )
          : [make("p", { textContent: "Judged, not computed." })]),
        claim.whole ? make("p", { className: "firm", textContent: claim.whole }) : null,
      ),
      part(
        "Numbers",
        ...claim.numbers.map((number) =>
          make(
            "div",
            { className: "number" },
            make("p", {}, make("strong", { textContent: number.text }), ` is ${number.value || "not known"}, `, number.page ? link(number.id, number.page) : number.id),
            ...meaningOf(number),
          ),
        ),
      ),
      part(
        "Languages",
        make(
          "ul",
          {},
          ...claim.languages.map((one) =>
            make("li", { className: one.state === "whole" ? "" : "warn", textContent: `${one.name}: ${STATES[one.state]}${one.lacking.length ? ` (${one.lacking.join(", ")})` : ""}` }),
          ),
        ),
      ),
      part("Share card", card),
    );
  };

  // --- figures to bind ---

  const search = make("input", { type: "search", id: "search", autocomplete: "off" });
  const found = make("div", { className: "found" });
  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");
  views.figures.append(make("label", { htmlFor: "search", textContent: "Words of a figure or a reported total" }), search, said, found);
  let figures = null;
  const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const copy = async (text) => {
    await navigator.clipboard.writeText(text);
    said.textContent = `Copied: ${text}`;
  };
  const listFigures = () => {
    if (!figures) return;
    const wanted = fold(search.value).split(/\s+/).filter(Boolean);
    const fits = figures.filter((figure) => wanted.every((word) => figure.words.includes(word)));
    said.textContent = `Found: ${fits.length}`;
    found.replaceChildren(
      ...fits.slice(0, 60).map((figure) => {
        const button = make("button", { type: "button", textContent: "Copy" });
        button.setAttribute("aria-label", `Copy ${figure.markdown}`);
        button.addEventListener("click", () => copy(figure.markdown));
        return make(
          "div",
          { className: "number" },
          make("p", {}, make("strong", { textContent: figure.value }), " ", link(figure.id, figure.page)),
          make("p", {}, make("code", { textContent: figure.markdown }), " ", button),
          ...meaningOf(figure),
        );
      }),
    );
  };
  const showFigures = async () => {
    if (!figures) {
      const asked = await fetch(`/_declared/figures?language=${language()}`);
      if (!asked.ok) return;
      const told = await asked.json();
      figures = told.map((figure) => ({ ...figure, words: fold(`${figure.label} ${figure.about} ${figure.id} ${figure.definition.join(" ")}`) }));
    }
    listFigures();
  };
  search.addEventListener("input", listFigures);

  // --- taking in a save ---

  let stamp = 0;
  let stages = {};

  /** Marks each link to a claim that readers do not see, and the page itself. */
  const markStages = () => {
    for (const anchor of document.querySelectorAll("main a[href]")) {
      const slug = /\/claims\/([^/]+)\/(?:index\.html)?$/.exec(anchor.pathname)?.[1];
      if (slug && stages[slug]) anchor.after(make("span", { className: "declared-stage", textContent: ` (${stages[slug].replace("_", " ")})` }));
    }
    const own = /\/claims\/([^/]+)\//.exec(location.pathname)?.[1];
    if (own && stages[own]) {
      const words = `Readers do not see this page: ${stages[own].replace("_", " ")}.`;
      document.querySelector("main")?.prepend(make("p", { className: "declared-stage-page", textContent: words }));
    }
  };

  const showState = (state) => {
    stamp = state.number;
    stages = state.stages;
    const errors = state.errors + Number(state.trouble !== "");
    const { warnings } = state;
    const told = [
      errors ? `${errors} ${errors === 1 ? "error" : "errors"}` : "",
      warnings ? `${warnings} ${warnings === 1 ? "warning" : "warnings"}` : "",
    ].filter(Boolean);
    badge.textContent = told.join(", ") || "Nothing is wrong";
    badge.className = errors ? "badge error" : warnings ? "badge warning" : "badge";
    status.textContent = errors ? "The page is the last one that could be made." : state.whole ? "" : "The whole site is being checked.";
    showProblems(state);
    showClaim(state.claim);
    if (errors && !hadErrors) {
      choose("problems");
      open(true);
    }
    hadErrors = errors > 0;
  };
  let hadErrors = false;

  /** The page as it is now, in the place of the old one: nothing scrolls, and what was opened stays open. */
  const takePage = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const openDetails = [...document.querySelectorAll("details")].map((each) => each.open);
    const across = window.scrollX, down = window.scrollY;
    document.title = fresh.title;
    document.documentElement.lang = fresh.documentElement.lang;
    const kept = [...document.body.children].filter((child) => child !== host);
    for (const child of kept) child.remove();
    host.before(...fresh.body.children);
    document.querySelectorAll("details").forEach((each, i) => {
      each.open = openDetails[i] ?? each.open;
    });
    for (const script of fresh.head.querySelectorAll("script[src]:not([src^='/_declared/'])")) {
      const again = make("script", { src: script.getAttribute("src") });
      host.after(again);
      again.addEventListener("load", () => again.remove());
    }
    window.scrollTo(across, down);
    markStages();
  };
  const takeStyle = async () => {
    const sheet = document.querySelector("link[rel=stylesheet][href*='assets/style.css']");
    if (!sheet) return;
    const fresh = make("link", { rel: "stylesheet", href: `${sheet.href.split("?")[0]}?${stamp}` });
    fresh.addEventListener("load", () => sheet.remove());
    sheet.after(fresh);
  };

  let last = null;
  const take = async (number, whole) => {
    const isNew = number !== last?.number;
    last = { number, whole };
    const here = location.pathname;
    const [page, state] = await Promise.all([
      isNew ? fetch(here).then((answer) => answer.text()) : null,
      fetch(`/_declared/state?path=${encodeURIComponent(here)}`).then((answer) => answer.json()),
    ]);
    const changed = page !== null && page !== shown && shown !== null;
    if (page !== null) shown = page;
    showState(state);
    if (changed && !state.broken) {
      takePage(page);
      takeStyle();
    } else if (shown !== null && first) {
      markStages();
    }
    first = false;
    if (isNew) {
      figures = null;
      if (!views.figures.hidden) showFigures();
    }
    host.dataset.number = String(number);
  };
  let shown = null;
  let first = true;

  choose(sessionStorage.view ?? "problems");
  const events = new EventSource("/_declared/events");
  events.addEventListener("message", (event) => {
    const [number, whole] = event.data.split(" ").map(Number);
    take(number, whole).catch(() => {
      status.textContent = "The preview does not answer; start it again.";
    });
  });
  events.addEventListener("error", () => {
    status.textContent = "The preview does not answer; start it again.";
  });
})();
