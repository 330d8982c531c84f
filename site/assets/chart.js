// The interactive view of a dated chart: loaded, with the library that draws it, only when a reader asks for it.
// The picture and the table above say the same; all words stand in the page and in the file of the chart.
"use strict";

(() => {
  const part = document.getElementById("view");
  if (!part) return;
  const of = (name) => document.getElementById(`view_${name}`);
  part.hidden = false;

  const load = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });

  of("open").addEventListener("click", async () => {
    of("open").disabled = true;
    of("wait").hidden = false;
    try {
      await load(part.dataset.library);
      await load(part.dataset.interpreter); // it runs the expressions, so that the policy need not allow code made of text
      await load(part.dataset.view);
      await show(self.chartView, self.vega, self.vegaInterpreter);
    } catch (trouble) {
      of("failed").hidden = false;
      console.warn(trouble);
    }
    of("wait").hidden = true;
  });

  async function show({ spec, entries, lanes, colours }, vega, interpreter) {
    const plot = of("plot");
    let view = null;

    /** The view in the colours that the page has now. */
    const draw = async () => {
      const kept = view && { shown: view.signal("shown"), only: view.signal("only"), chosen: view.signal("chosen") };
      view?.finalize();
      const style = getComputedStyle(document.documentElement);
      const painted = Object.entries(colours).reduce(
        (text, [colour, name]) => text.replaceAll(colour, style.getPropertyValue(name).trim() || colour),
        JSON.stringify(spec),
      );
      view = new vega.View(vega.parse(JSON.parse(painted), null, { ast: true }), {
        expr: interpreter,
        renderer: "svg",
        container: plot,
        hover: false,
        logLevel: vega.Warn,
      });
      view.width(plot.clientWidth);
      for (const [name, value] of Object.entries(kept ?? {})) view.signal(name, value);
      view.addSignalListener("chosen", (_, n) => n >= 0 && tell(n));
      await view.runAsync();
    };

    const set = (name, value) => view.signal(name, value).runAsync();

    const tell = (n) => {
      const { when, words, address } = entries[n];
      const head = document.createElement("strong");
      const link = document.createElement("a");
      head.textContent = when;
      link.textContent = of("record").textContent;
      link.href = address;
      of("chosen").replaceChildren(head, document.createElement("br"), words, " ", link);
    };

    const marks = () => [...view.data("marks"), ...view.data("spans")].sort((one, other) => one.n - other.n);

    /** Shows another stretch: enlarged, moved by a part of itself, or both; never beyond the whole. */
    const look = (times, by) => {
      const [low, high] = view.signal("shown");
      const [first, last] = view.signal("whole");
      const length = Math.min(Math.max((high - low) * times, view.signal("least")), last - first);
      const chosen = times < 1 ? marks()[view.signal("chosen")]?.day : undefined; // closer to what is being read
      const middle = (chosen ?? (low + high) / 2) + by * (high - low);
      const start = Math.min(Math.max(middle - length / 2, first), last - length);
      return set("shown", [start, start + length]);
    };

    /** Goes on to the next entry, or to the one before, of those that are chosen; and shows where it stands. */
    const step = async (by) => {
      const only = view.signal("only");
      const open = marks().filter((mark) => !only || mark.lane === only);
      const now = view.signal("chosen");
      const next = by > 0 ? open.find((mark) => mark.n > now) : open.findLast((mark) => mark.n < now);
      const mark = next ?? open.at(by > 0 ? 0 : -1);
      const [low, high] = view.signal("shown");
      if (mark.day < low || mark.day > high) await look(1, (mark.day - (low + high) / 2) / (high - low));
      await set("chosen", mark.n);
    };

    for (const lane of lanes) of("only").add(new Option(lane, lane));
    of("only").addEventListener("change", () => set("only", of("only").value));
    of("closer").addEventListener("click", () => look(1 / 2, 0));
    of("further").addEventListener("click", () => look(2, 0));
    of("earlier").addEventListener("click", () => look(1, -1 / 4));
    of("later").addEventListener("click", () => look(1, 1 / 4));
    of("whole").addEventListener("click", () => set("shown", view.signal("whole")));
    of("next").addEventListener("click", () => step(1));
    of("previous").addEventListener("click", () => step(-1));
    of("body").hidden = false;
    of("start").hidden = true;
    await draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    matchMedia("(forced-colors: active)").addEventListener("change", draw);
    new ResizeObserver(() => view.width(plot.clientWidth).runAsync()).observe(plot);
    of("next").focus();
  }
})();
