// The search: puts a box into the page, and loads the index and the library when somebody uses it.
// It keeps nothing and asks nobody; its words stand in the page's templates. Without it the page lists the ways to everything.
(() => {
  "use strict";

  const PAGE = 20; // results at once
  const LENGTH = 220; // characters of a text that are shown
  const WEIGHTS = { claims: 3, figures: 1.5, charts: 1.2, pages: 1.2, tables: 1, entities: 1, sources: 0.6 };
  const BOOST = { title: 4, names: 2, texts: 1 };

  // --- words of a text ----------------------------------------------------------------------------

  const WITHOUT_BLANKS = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc"; // scripts that part words with no space
  const GROUPS = "\\d{1,3}(?:[,.\\u00a0\\u202f]\\d{3})+(?![\\p{L}\\p{N}])"; // 140,000 is one number, however its digits are parted
  const RUN = new RegExp(`([${WITHOUT_BLANKS}]+)|${GROUPS}|(?:(?![${WITHOUT_BLANKS}])[\\p{L}\\p{M}\\p{N}])+`, "gu");
  const NUMBER = /^\p{N}+$/u;
  const HAN = new RegExp(`^[${WITHOUT_BLANKS}]+$`, "u");

  // Pairs of neighbours where the browser does not know the words of Chinese.
  const pairs = (run) => {
    const found = [...run.matchAll(/.(?=(.))/gu)].map(({ 0: one, 1: next, index }) => ({ segment: one + next, index }));
    return found.length ? found : [{ segment: run, index: 0 }];
  };
  const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter("zh", { granularity: "word" });
  const part = (run) => (segmenter ? [...segmenter.segment(run)] : pairs(run));

  const wordsOf = (text) =>
    [...text.matchAll(RUN)].flatMap(({ 0: run, 1: joined, index }) =>
      joined ? part(run).map(({ segment, index: at }) => ({ word: segment, at: index + at })) : [{ word: run, at: index }],
    );

  const plain = (word) => {
    if (/^\d[^\p{L}]*$/u.test(word)) return word.replace(/[^\d]/g, "");
    const small = word.normalize("NFKC").toLowerCase();
    if (/\p{sc=Latin}/u.test(small)) return small.normalize("NFD").replace(/\p{M}/gu, "");
    return small.replace(/ё/g, "е").replace(/[\u0300\u0301]/g, "");
  };

  const stem = (word) => {
    const found = globalThis.stemmers ?? {};
    const ukrainian = /[іїєґ]/.test(word) || (document.documentElement.lang === "uk" && !/[ыэъ]/.test(word));
    const language = /\p{sc=Cyrillic}/u.test(word) ? (ukrainian ? "uk" : "ru") : /^[a-z]+$/.test(word) ? "en" : "";
    return found[language]?.stemmer ? found[language].stemmer(word) : word;
  };

  const forms = (word) => [...new Set([plain(word), stem(plain(word))])]; // as written, and without its ending

  // --- what is loaded when somebody searches --------------------------------------------------------

  const load = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });

  const field = (found, name) => {
    if (name === "title") return found.title[0];
    if (name === "texts") return [found.told ?? "", ...(found.texts ?? []).map(([text]) => text)].join("\n");
    if (name === "names") return [...(found.names ?? []), ...(found.date ?? [])].join("\n");
    return found[name];
  };

  let ready;
  const start = (place) =>
    (ready ??= Promise.all([...place.dataset.libraries.split(" "), place.dataset.index].map(load)).then(async () => {
      const index = new MiniSearch({
        idField: "address",
        fields: Object.keys(BOOST),
        extractField: field,
        tokenize: (text) => wordsOf(text).map(({ word }) => word),
        processTerm: forms,
      });
      const known = new Map(self.searchIndex.map((found) => [found.address, found]));
      await index.addAllAsync(self.searchIndex);
      return { index, known };
    }));

  const find = ({ index, known }, sought) => {
    const plainly = { tokenize: (word) => [word], processTerm: (word) => word };
    const either = (word) => ({ combineWith: "OR", queries: forms(word), ...plainly });
    const asOne = sought.replace(/(\d)\s(?=\d{3}(?!\d))/g, "$1\u00a0"); // 140 000 as well
    const groups = asOne.split(/[ \t\n\u3000]+/).map((group) => wordsOf(group).map(({ word }) => either(word))).filter((group) => group.length);
    const queries = groups.map((group) => ({ combineWith: "AND", queries: group })); // what stands without a blank belongs together
    const asked = (combineWith) =>
      index.search({ combineWith, queries }, {
        boost: BOOST,
        boostDocument: (address) => WEIGHTS[known.get(address).kind] ?? 0.8,
        prefix: (word) => !NUMBER.test(word), // 37 is not 370, nor 38
        fuzzy: (word) => (NUMBER.test(word) || HAN.test(word) || word.length < 4 ? false : 0.2),
      });
    const all = asked("AND");
    const runs = [...new Set([...asOne.matchAll(RUN)].flatMap(([, run]) => run ?? []))];
    return (all.length ? all : asked("OR")).map(({ id, terms }) => ({ found: known.get(id), sought: { terms: new Set(terms), runs } }));
  };

  // --- what is shown --------------------------------------------------------------------------------

  const word = (selector) => document.getElementById("search-words-of").content.querySelector(selector)?.cloneNode(true) ?? "";

  const make = (name, className, ...inside) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  };

  const spoken = (made, language) => {
    if (language) made.lang = language;
    return made;
  };

  // Where the found words stand. What was written without blanks is marked as it was written, where the text has it so:
  // its parts alone (无人 and 机 of 无人机) also stand in other words.
  const hits = (text, { terms, runs }) => {
    const words = wordsOf(text).filter(({ word }) => forms(word).some((form) => terms.has(form)));
    if (!runs.length || !runs.every((run) => text.includes(run))) return words;
    const whole = runs.flatMap((run) => [...text.matchAll(run)].map(({ index }) => ({ word: run, at: index })));
    return [...words.filter(({ word }) => !HAN.test(word)), ...whole].sort((one, other) => one.at - other.at);
  };

  // The text with the found words marked; neighbours that touch are one mark.
  const marked = (text, sought) => {
    const made = document.createDocumentFragment();
    let end = 0;
    let mark;
    for (const { word, at } of hits(text, sought)) {
      if (at + word.length <= end) continue;
      if (!mark || at > end) {
        made.append(text.slice(end, at));
        mark = made.appendChild(document.createElement("mark"));
      }
      mark.append(text.slice(Math.max(at, end), at + word.length));
      end = at + word.length;
    }
    made.append(text.slice(end));
    return made;
  };

  const cut = (text, sought) => {
    const length = HAN.test(text.replace(/[\p{P}\p{N}\p{Z}]/gu, "").slice(0, 20)) ? LENGTH / 2 : LENGTH; // Han says more in less
    if (text.length <= length) return text;
    const first = hits(text, sought)[0]?.at ?? 0;
    const before = Math.max(0, first - Math.floor(length / 3));
    const blank = before ? text.indexOf(" ", before) + 1 : 0; // a word is not cut where there are blanks
    const start = blank && blank <= first ? blank : before;
    const shown = text.slice(start, start + length);
    const end = start + length < text.length && shown.lastIndexOf(" ") > length - 30 ? shown.lastIndexOf(" ") : shown.length;
    return (start ? "… " : "") + shown.slice(0, end) + (start + end < text.length ? " …" : "");
  };

  // How much of what was sought stands in a text, each word counted once.
  const share = ([text], sought) => [...new Set(hits(text, sought).map(({ word }) => forms(word).at(-1)))].join("").length;
  const best = (texts, sought) => texts.reduce((one, other) => (share(other, sought) > share(one, sought) ? other : one));

  const about = ({ kind, rating, date, told, notes }) => {
    const made = make("p", "result-about", word(`[data-kind="${kind}"]`));
    if (rating) made.append(" ", word(`[data-rating="${rating}"]`));
    if (told) {
      const number = make("span", "result-told", told);
      number.dataset.value = "";
      made.append(" ", number);
    }
    if (date) {
      const stamp = make("time", "", date[1]);
      stamp.dateTime = date[0];
      made.append(" ", stamp);
    }
    for (const note of notes ?? []) made.append(" ", word(`[data-note="${note}"]`));
    return made;
  };

  const result = (home, { found, sought }) => {
    const link = make("a", "", marked(found.title[0], sought));
    link.href = home + found.address;
    const made = make("li", "result", spoken(make("h3", "result-title", link), found.title[1]), about(found));
    made.dataset.kind = found.kind;
    if (found.texts) {
      const [text, language] = best(found.texts, sought);
      const shown = make("span", "", marked(cut(text, sought), sought));
      shown.dataset.value = "";
      made.append(spoken(make("p", "result-text", shown), language));
    }
    return made;
  };

  const show = (place, found) => {
    place.querySelector(".search-found")?.remove();
    if (!found.length) return;
    const made = document.getElementById("search-found").content.cloneNode(true);
    const list = made.querySelector(".results");
    const more = made.querySelector("button");
    const add = () => {
      const next = found.slice(list.children.length, list.children.length + PAGE).map((one) => result(place.dataset.home, one));
      list.append(...next);
      more.hidden = list.children.length >= found.length;
      return next[0];
    };
    more.addEventListener("click", () => add().querySelector("a").focus());
    add();
    place.append(made);
  };

  const say = (state, name, number) => {
    const told = word(`[data-state="${name}"]`);
    const place = told.querySelector("[data-count]");
    if (place) place.textContent = number.toLocaleString(document.documentElement.lang);
    state.replaceChildren(told);
  };

  // --- the box --------------------------------------------------------------------------------------

  const asked = () => {
    const given = [location.hash.slice(1), location.search.slice(1)].map((part) => new URLSearchParams(part).get("q"));
    return given.find((words) => words !== null);
  };

  const place = document.getElementById("search");
  place.append(document.getElementById("search-box").content.cloneNode(true));
  const form = place.querySelector("form");
  const box = form.querySelector("input");
  const state = form.querySelector("[role=status]");

  const fail = () => {
    ready = undefined; // the next word tries again
    say(state, "failed");
  };

  let last = "";
  const run = async () => {
    const sought = box.value.trim();
    if (sought === last) return;
    last = sought;
    const bare = location.pathname + location.search;
    history.replaceState(null, "", sought ? `#q=${encodeURIComponent(sought)}` : bare);
    if (!sought) {
      state.replaceChildren();
      show(place, []);
      return;
    }
    const loading = setTimeout(() => say(state, "loading"), 300);
    const index = await start(place).catch(fail).finally(() => clearTimeout(loading));
    if (!index || sought !== last) return; // it failed, or somebody typed on
    const found = find(index, sought);
    say(state, found.length ? "found" : "none", found.length);
    show(place, found);
  };

  const look = () => {
    const given = asked();
    if (given === undefined || given === box.value) return;
    box.value = given;
    run();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  box.addEventListener("focus", () => start(place).catch(fail), { once: true });
  box.addEventListener("input", (event) => event.isComposing || run());
  box.addEventListener("compositionend", run);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    box.value = "";
    run();
  });
  addEventListener("hashchange", look);
  look();
})();
