// Sorts the rows of a table and chooses among them. The page is whole without it: what only a script can work is
// marked data-script there, and hidden until this file has run. Every word that is shown stands in the page.
//
// The state is kept in the fragment, so that a view has an address: #q=quadcopter&outcome=seized&sort=-value
// A fragment without "=" is the anchor of a row.
"use strict";

(() => {
  const table = document.getElementById("table_rows");
  const tools = document.getElementById("table_tools");
  if (!table || !tools) return;

  const body = table.tBodies[0];
  const rows = [...body.rows]; // in the order of the file
  const headers = [...table.tHead.rows[0].cells];
  const text = document.getElementById("filter_q");
  const selects = [...tools.querySelectorAll("select")];
  const shown = document.getElementById("table_shown");
  const sorted = document.getElementById("table_sorted");
  const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const sort = { column: -1, falling: false };

  // --- what a cell says ---

  /** Letters only, so that "Ä" is found by "a". */
  const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const wordsOf = (cell) => {
    const limit = cell.querySelector(":scope > .limit");
    return (limit ? cell.textContent.replace(limit.textContent, "") : cell.textContent).trim();
  };

  /** A value that can be compared; null where nothing is known. */
  const valueOf = (cell) => {
    if (cell.dataset.sort === "" || cell.querySelector(":scope > .missing")) return null;
    if (cell.dataset.sort) {
      const [amount, unit = ""] = cell.dataset.sort.split(" ");
      return { amount: Number(amount), words: unit };
    }
    const time = cell.querySelector("time");
    return { amount: null, words: time ? time.dateTime : wordsOf(cell) };
  };

  /** Amounts of one unit stand together, whichever way they are sorted. */
  const compareValues = (one, other, way) => {
    if (one === null || other === null) return (one === null) - (other === null);
    if (one.amount === null || other.amount === null) return way * compare(one.words, other.words);
    return compare(one.words, other.words) || way * (one.amount - other.amount);
  };

  // --- what is shown ---

  const indexOf = (name) => headers.findIndex((header) => header.dataset.column === name);

  let texts; // of every row, once somebody looks for words
  const chosen = () => {
    const wanted = fold(text.value).split(/\s+/).filter(Boolean);
    if (wanted.length) texts ??= rows.map((row) => fold(row.textContent));
    const conditions = selects
      .filter((select) => select.value)
      .map((select) => [indexOf(select.name), select.selectedOptions[0].text]);
    return rows.map(
      (row, i) =>
        wanted.every((word) => texts[i].includes(word)) &&
        conditions.every(([column, word]) => wordsOf(row.cells[column]) === word),
    );
  };

  const choose = () => {
    const found = chosen();
    rows.forEach((row, i) => {
      row.hidden = !found[i];
    });
    shown.textContent = found.filter(Boolean).length.toLocaleString("en"); // as every other count on the page
  };

  const arrange = () => {
    const { column, falling } = sort;
    headers.forEach((header, i) => {
      if (i === column) header.setAttribute("aria-sort", falling ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    });
    let order = rows;
    if (column >= 0) {
      const values = new Map(rows.map((row) => [row, valueOf(row.cells[column])]));
      order = [...rows].sort((one, other) => compareValues(values.get(one), values.get(other), falling ? -1 : 1));
    }
    body.append(...order);
    const sentence = falling ? sorted.dataset.falling : sorted.dataset.rising;
    sorted.textContent = column < 0 ? "" : sentence.replace("{column}", headers[column].textContent.trim());
  };

  // --- the address of a view ---

  const write = () => {
    const state = new URLSearchParams();
    if (text.value.trim()) state.set("q", text.value.trim());
    for (const select of selects) if (select.value) state.set(select.name, select.value);
    if (sort.column >= 0) state.set("sort", (sort.falling ? "-" : "") + headers[sort.column].dataset.column);
    const fragment = String(state);
    if (fragment) history.replaceState(null, "", `#${fragment}`);
    else if (location.hash.includes("=")) history.replaceState(null, "", location.pathname + location.search);
  };

  const set = (state) => {
    text.value = state.get("q") ?? "";
    for (const select of selects) {
      select.value = state.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = ""; // a word that this table does not have
    }
    const name = state.get("sort") ?? "";
    sort.falling = name.startsWith("-");
    sort.column = indexOf(name.replace(/^-/, ""));
    choose();
    arrange();
  };

  const read = () => {
    const fragment = location.hash.slice(1);
    if (fragment.includes("=") || !fragment) {
      set(new URLSearchParams(fragment));
      return;
    }
    const row = rows.find((each) => each.id === fragment);
    if (row?.hidden) set(new URLSearchParams());
    row?.scrollIntoView(); // where the browser went before the rows above it were back
  };

  // --- the controls ---

  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    button.addEventListener("click", () => {
      sort.falling = sort.column === column && !sort.falling;
      sort.column = column;
      arrange();
      write();
      table.closest(".frame").scrollTop = 0;
    });
    header.append(button);
  });

  let waiting = 0;
  text.addEventListener("input", () => {
    clearTimeout(waiting); // one announcement for a word, not one for each letter
    waiting = setTimeout(() => {
      choose();
      write();
    }, 250);
  });
  for (const select of selects) {
    select.addEventListener("change", () => {
      choose();
      write();
    });
  }
  document.getElementById("filter_reset").addEventListener("click", () => {
    clearTimeout(waiting);
    set(new URLSearchParams());
    write();
  });
  addEventListener("hashchange", read);

  tools.hidden = false;
  read();
})();
